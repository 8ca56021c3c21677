//! Which provider configuration a resource uses.

use std::rc::Rc;
use std::sync::Arc;

use iac_hcl::Value;
use iac_hcl::ast::{Block, Body, Expr, ExprKind, Step};

use super::{Instance, InstanceScope};

impl InstanceScope<'_> {
    /// An argument of the provider configuration that a block uses: the one its `provider` argument names, else the
    /// default one of `provider`. `None` if it is not written anywhere.
    pub(crate) fn provider_argument(&self, block: &Block, provider: &str, argument: &str) -> Option<Value> {
        let (instance, configured) = self.provider_block(block, provider)?;
        self.provider_value(&instance, &configured.body, provider, argument)
    }

    /// The account that an aliased configuration of the AWS provider works in, if it says so: the only one that it
    /// allows, or that of the role it takes on. What the usual configuration works in is the account that everything
    /// else is in, and stays a symbol.
    pub(crate) fn provider_account(&self, block: &Block) -> Option<Value> {
        let (instance, configured) = self.provider_block(block, "aws")?;
        configured.body.attribute("alias")?;
        let allowed = self.provider_value(&instance, &configured.body, "aws", "allowed_account_ids");
        if let Some([account]) = allowed.as_ref().and_then(Value::as_elements).map(|all| all.as_slice()) {
            return account.as_str().is_some().then(|| account.clone());
        }
        let assumed = configured.body.blocks("assume_role").next()?;
        let role = self.provider_value(&instance, &assumed.body, "aws", "role_arn")?;
        let account = role.as_str()?.split(':').nth(4)?;
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        is_account.then(|| Value::string(account, role.origin))
    }

    fn provider_block(&self, block: &Block, provider: &str) -> Option<(Rc<Instance>, Block)> {
        let (instance, configured) = used(self.instance, block, provider)?;
        let block = instance.module.declarations.providers.get(&configured)?.clone();
        Some((instance, block))
    }

    fn provider_value(
        &self,
        instance: &Rc<Instance>,
        body: &Body,
        provider: &str,
        argument: &str,
    ) -> Option<Value> {
        let attribute = body.attribute(argument)?;
        let scope = InstanceScope::new(self.run, instance);
        let what = format!("provider.{provider}.{argument}");
        Some(scope.value_or_problem(&attribute.value, &what)).filter(|value| !value.is_null())
    }
}

impl Instance {
    /// The address of the provider configuration that a resource uses; empty if it is not written anywhere.
    pub(crate) fn provider_address(self: &Rc<Self>, block: &Block, resource_type: &str) -> String {
        let provider = resource_type.split('_').next().unwrap_or(resource_type);
        match used(self, block, provider) {
            Some((instance, configured)) => instance.address(&provider_text(&configured)),
            None => String::new(),
        }
    }
}

/// A provider configuration in addresses: `provider.helm.prod`.
pub(crate) fn provider_text((name, alias): &Configured) -> String {
    match alias.is_empty() {
        true => format!("provider.{name}"),
        false => format!("provider.{name}.{alias}"),
    }
}

/// Name and alias of a provider configuration; the alias is empty for the usual one.
type Configured = (Arc<str>, Arc<str>);

/// The configuration that a block uses: the one its `provider` argument names, else the usual one of `provider`.
fn used(instance: &Rc<Instance>, block: &Block, provider: &str) -> Option<(Rc<Instance>, Configured)> {
    let named = block.body.attribute("provider").and_then(|attribute| provider_name(&attribute.value));
    configuration(instance, named.unwrap_or_else(|| (provider.into(), "".into())))
}

/// What configures a provider for a module instance, and the instance it stands in. A module that has none gets what
/// its caller passes on, or what the caller has by the same name.
fn configuration(
    instance: &Rc<Instance>,
    (mut name, mut alias): Configured,
) -> Option<(Rc<Instance>, Configured)> {
    let mut instance = Rc::clone(instance);
    loop {
        let configured = (name, alias);
        if instance.module.declarations.providers.contains_key(&configured) {
            return Some((instance, configured));
        }
        (name, alias) = configured;
        let caller = instance.caller.as_ref()?;
        let call = caller.instance.module.declarations.calls.get(&caller.name)?;
        match call
            .block
            .body
            .attribute("providers")
            .and_then(|attribute| passed(&attribute.value, &name, &alias))
        {
            Some(passed) => (name, alias) = passed,
            None if !alias.is_empty() => return None,
            None => {}
        }
        let above = Rc::clone(&caller.instance);
        instance = above;
    }
}

/// What `providers = { name = other.alias }` passes on under a name.
fn passed(providers: &Expr, name: &str, alias: &str) -> Option<Configured> {
    let ExprKind::Object(items) = &providers.kind else { return None };
    let item = items.iter().find(|item| {
        let key = match &item.key.kind {
            ExprKind::Literal(key) => key.as_str().map(|key| match key.split_once('.') {
                Some((name, alias)) => (name.into(), alias.into()),
                None => (Arc::from(key), Arc::from("")),
            }),
            _ => provider_name(&item.key),
        };
        key.is_some_and(|(key_name, key_alias)| *key_name == *name && *key_alias == *alias)
    })?;
    provider_name(&item.value)
}

/// `aws` or `aws.west`; quotes around it were usual before Terraform 0.12.
fn provider_name(expr: &Expr) -> Option<Configured> {
    match &expr.kind {
        ExprKind::Reference(name, steps) => match steps.as_slice() {
            [] => Some((Arc::clone(name), "".into())),
            [Step::Attribute(alias)] | [Step::Attribute(alias), Step::Index(_)] => {
                Some((Arc::clone(name), Arc::clone(alias)))
            }
            _ => None,
        },
        ExprKind::Literal(value) => {
            let text = value.as_str()?;
            let (name, alias) = text.split_once('.').unwrap_or((text, ""));
            Some((name.into(), alias.into()))
        }
        _ => None,
    }
}
