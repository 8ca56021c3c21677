//! What override files change.

use iac_hcl::ast::{Block, Body};

/// Merges the body of an override into that of the block it changes: arguments replace one by one; nested blocks of
/// a kind replace all blocks of that kind.
pub(super) fn body(base: &mut Body, over: &Body) {
    for attribute in &over.attributes {
        match base.attributes.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => *known = attribute.clone(),
            None => base.attributes.push(attribute.clone()),
        }
    }
    let kind_of = |block: &Block| match &*block.kind {
        "dynamic" => block.label(0).cloned().unwrap_or_default(),
        _ => block.kind.clone(),
    };
    for block in &over.blocks {
        let kind = kind_of(block);
        if &*kind == "lifecycle"
            && let Some(known) = base.blocks.iter_mut().find(|known| known.kind == kind)
        {
            body(&mut known.body, &block.body);
        }
    }
    let replaced: Vec<_> = over
        .blocks
        .iter()
        .map(kind_of)
        .filter(|kind| !matches!(&**kind, "lifecycle" | "provisioner"))
        .collect();
    base.blocks.retain(|known| !replaced.contains(&kind_of(known)));
    let had_lifecycle = base.blocks.iter().any(|known| &*known.kind == "lifecycle");
    let added = over.blocks.iter().filter(|block| !(had_lifecycle && &*block.kind == "lifecycle"));
    base.blocks.extend(added.cloned());
}
