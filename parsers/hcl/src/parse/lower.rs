//! The parser's tree to ours.

use std::ops::Range;
use std::sync::Arc;

use hcl::edit::expr::{
    BinaryOperator as EditBinary, Expression, ForExpr, FuncCall, Object, ObjectKey, TraversalOperator,
    UnaryOperator as EditUnary,
};
use hcl::edit::structure::{Block as EditBlock, BlockLabel, Body as EditBody, Structure};
use hcl::edit::{Decorated, Span as _};
use iac_model::{Input, OriginId, Problem, ProblemSeverity, Span, Store, Text};

use super::template;
use crate::ast::{
    Attribute, BinaryOperator, Block, Body, Call, Conditional, Expr, ExprKind, For, Item, Label, Part, Step,
    UnaryOperator,
};
use crate::{Kind, Number, Type, Value};

/// More splats in a row than anybody needs.
const SPLATS: usize = 32;

/// Lowers what was parsed from one piece of text.
pub(super) struct Lower<'a> {
    pub(super) store: &'a Store,
    input: &'a Input,
    /// The text that was parsed, before any patching.
    pub(super) text: &'a str,
    /// Its offset in the input.
    base: usize,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Lower<'a> {
    pub(super) fn new(
        store: &'a Store,
        input: &'a Input,
        text: &'a str,
        base: usize,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { store, input, text, base, problems }
    }

    pub(super) fn body(&mut self, body: &EditBody, span: Span) -> Body {
        let mut out = Body::empty(span);
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let at = attribute.key.span().unwrap_or_default();
                    let name = &self.text[at.clone()];
                    let name_span = self.span(at.clone());
                    if out.attribute(name).is_some() {
                        let message =
                            "this argument is set twice; the first counts here, Terraform refuses it";
                        let problem = Problem::new("hcl-repeated-argument", ProblemSeverity::Note, message);
                        self.problems.push(problem.at(name_span));
                        continue;
                    }
                    let value = self.expression(&attribute.value);
                    out.attributes.push(Attribute::new(Arc::from(name), name_span, value));
                }
                Structure::Block(block) => out.blocks.push(self.block(block)),
            }
        }
        out
    }

    fn block(&mut self, block: &EditBlock) -> Block {
        let kind = block.ident.span().unwrap_or_default();
        let mut header = kind.clone();
        let mut labels = Vec::new();
        for label in &block.labels {
            let (at, quote) = match label {
                BlockLabel::Ident(ident) => (ident.span().unwrap_or_default(), 0),
                BlockLabel::String(string) => (string.span().unwrap_or_default(), 1),
            };
            header.end = at.end;
            let span = self.span(at.start + quote..at.end - quote);
            labels.push(Label { text: Arc::from(label.as_str()), span });
        }
        let span = block.span().unwrap_or_else(|| header.clone());
        let body = self.span(header.end..span.end);
        let body = self.body(&block.body, body);
        Block::new(Arc::from(&self.text[kind]), labels, body, self.span(header), self.span(span))
    }

    pub(super) fn expression(&mut self, expression: &Expression) -> Expr {
        let at = expression.span().unwrap_or_default();
        let kind = match expression {
            Expression::Null(_) => ExprKind::Literal(Value::null(Type::Any, self.origin(at.clone()))),
            Expression::Bool(value) => {
                ExprKind::Literal(Value::bool(*value.value(), self.origin(at.clone())))
            }
            Expression::Number(_) => self.number(at.clone()),
            Expression::String(_) => {
                let at = at.start + 1..at.end.max(at.start + 2) - 1;
                let text = template::quoted(self, at.clone());
                let literal = Value::text(text, self.origin(at.clone()));
                return Expr::new(ExprKind::Literal(literal), self.span(at));
            }
            Expression::StringTemplate(string) => {
                let at = at.start + 1..at.end.max(at.start + 2) - 1;
                let kind = template::string(self, string, at.clone());
                return Expr::new(kind, self.span(at));
            }
            Expression::HeredocTemplate(heredoc) => template::heredoc(self, heredoc, at.clone()),
            Expression::Array(array) => {
                ExprKind::Tuple(array.iter().map(|element| self.expression(element)).collect())
            }
            Expression::Object(object) => self.object(object, at.clone()),
            Expression::Parenthesis(inner) => {
                let inner = self.expression(inner.inner());
                // A name in parentheses stands where they do: it is no bare name, which `templatestring` wants.
                return match inner.kind {
                    kind @ ExprKind::Reference(..) => Expr::new(kind, self.span(at)),
                    _ => inner,
                };
            }
            Expression::Variable(_) => ExprKind::Reference(Arc::from(&self.text[at.clone()]), Vec::new()),
            Expression::Conditional(conditional) => ExprKind::Conditional(Box::new(Conditional {
                condition: self.expression(&conditional.cond_expr),
                yes: self.expression(&conditional.true_expr),
                no: self.expression(&conditional.false_expr),
            })),
            Expression::FuncCall(call) => self.call(call),
            Expression::Traversal(traversal) => {
                let steps = self.steps(&traversal.operators, &at);
                match &traversal.expr {
                    Expression::Variable(variable) => {
                        ExprKind::Reference(Arc::from(variable.value().as_str()), steps)
                    }
                    source => ExprKind::Traversal(Box::new(self.expression(source)), steps),
                }
            }
            Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    EditUnary::Neg => UnaryOperator::Negate,
                    EditUnary::Not => UnaryOperator::Not,
                };
                ExprKind::Unary(operator, Box::new(self.expression(&operation.expr)))
            }
            Expression::BinaryOp(operation) => {
                let sides = (self.expression(&operation.lhs_expr), self.expression(&operation.rhs_expr));
                ExprKind::Binary(binary(*operation.operator.value()), Box::new(sides))
            }
            Expression::ForExpr(for_expr) => self.for_expression(for_expr),
        };
        Expr::new(kind, self.span(at))
    }

    fn number(&mut self, at: Range<usize>) -> ExprKind {
        let digits = &self.text[at.clone()];
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(digits) => (true, digits.trim_start()),
            None => (false, digits),
        };
        let Some(number) = Number::parse(digits) else {
            self.limit(at.clone(), "this number is too large");
            return ExprKind::Literal(Value::null(Type::Number, self.origin(at)));
        };
        let number = if negative { number.negate() } else { number };
        ExprKind::Literal(Value::number(number, self.origin(at)))
    }

    fn object(&mut self, object: &Object, at: Range<usize>) -> ExprKind {
        let mut items = Vec::with_capacity(object.len());
        let mut end = at.start + 1;
        for (key, value) in object {
            let expression = value.expr();
            let key = match key {
                ObjectKey::Ident(ident) => {
                    // The parser does not keep the place of a bare key: it is what comes next.
                    let start = self.first_token(end);
                    let at = start..start + ident.as_str().len();
                    self.bare_key(at)
                }
                ObjectKey::Expression(Expression::Null(null)) => {
                    self.bare_key(null.span().unwrap_or_default())
                }
                ObjectKey::Expression(Expression::Parenthesis(key)) => self.expression(key.inner()),
                ObjectKey::Expression(key) => self.expression(key),
            };
            end = expression.span().unwrap_or_default().end;
            items.push(Item { key, value: self.expression(expression) });
        }
        ExprKind::Object(items)
    }

    fn bare_key(&self, at: Range<usize>) -> Expr {
        let at = at.start.min(self.text.len())..at.end.min(self.text.len());
        let literal = Value::text(self.slice(at.clone()), self.origin(at.clone()));
        Expr::new(ExprKind::Literal(literal), self.span(at))
    }

    /// The next byte that is not blank, a comment or a comma.
    fn first_token(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            let rest = &bytes[at..];
            if rest.starts_with(b"/*") {
                let end = rest[2..].windows(2).position(|pair| pair == b"*/");
                at = end.map_or(bytes.len(), |end| at + end + 4);
            } else if rest.starts_with(b"#") || rest.starts_with(b"//") {
                at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            } else if byte.is_ascii_whitespace() || matches!(byte, b',' | b')') {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    fn call(&mut self, call: &FuncCall) -> ExprKind {
        let mut at = call.name.name.span().unwrap_or_default();
        let mut name = String::new();
        for (index, part) in call.name.namespace.iter().enumerate() {
            if index == 0 {
                at.start = part.span().unwrap_or_default().start;
            }
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        let arguments = call.args.iter().map(|argument| self.expression(argument)).collect();
        let expand = call.args.expand_final();
        ExprKind::Call(Box::new(Call { name: name.into(), name_span: self.span(at), arguments, expand }))
    }

    fn for_expression(&mut self, expression: &ForExpr) -> ExprKind {
        let intro = &expression.intro;
        ExprKind::For(Box::new(For {
            key_name: intro.key_var.as_ref().map(|name| Arc::from(name.as_str())),
            value_name: Arc::from(intro.value_var.as_str()),
            collection: self.expression(&intro.collection_expr),
            key: expression.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&expression.value_expr),
            condition: expression.cond.as_ref().map(|condition| self.expression(&condition.expr)),
            group: expression.grouping,
        }))
    }

    /// A full splat takes all steps that follow; an attribute splat only names.
    fn steps(&mut self, operators: &[Decorated<TraversalOperator>], at: &Range<usize>) -> Vec<Step> {
        let splats = operators.iter().filter(|step| matches!(step.value(), TraversalOperator::FullSplat(_)));
        if splats.count() > SPLATS {
            self.limit(at.clone(), "more than 32 splats in a row");
            return Vec::new();
        }
        let mut steps = Vec::new();
        let mut rest = operators.iter();
        while let Some(operator) = rest.next() {
            match operator.value() {
                TraversalOperator::AttrSplat(_) => {
                    let names = rest.clone().take_while(|next| {
                        matches!(
                            next.value(),
                            TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
                        )
                    });
                    let names: Vec<_> = names.map(|name| self.step(name.value(), at)).collect();
                    for _ in 0..names.len() {
                        rest.next();
                    }
                    steps.push(Step::Splat(names));
                }
                TraversalOperator::FullSplat(_) => {
                    steps.push(Step::Splat(self.steps(rest.as_slice(), at)));
                    break;
                }
                plain => steps.push(self.step(plain, at)),
            }
        }
        steps
    }

    fn step(&mut self, operator: &TraversalOperator, at: &Range<usize>) -> Step {
        match operator {
            TraversalOperator::GetAttr(name) => Step::Attribute(Arc::from(name.as_str())),
            TraversalOperator::Index(key) => Step::Index(self.expression(key)),
            TraversalOperator::LegacyIndex(index) => {
                let origin = self.origin(at.clone());
                let number = Number::from_i64(*index.value() as i64);
                let kind = ExprKind::Literal(Value::number(number, origin));
                Step::Index(Expr::new(kind, self.span(at.clone())))
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Step::Splat(Vec::new()),
        }
    }

    pub(super) fn bare_template(&mut self, parsed: &hcl::edit::template::Template) -> super::Template {
        match template::bare(self, parsed) {
            ExprKind::Template(parts) => super::Template::Parts(parts),
            ExprKind::Literal(Value { kind: Kind::String(text), .. }) => {
                super::Template::Parts(vec![Part::Text(text)])
            }
            kind => {
                let span = self.span(0..self.text.len());
                super::Template::Expression(Box::new(Expr::new(kind, span)))
            }
        }
    }

    fn limit(&mut self, at: Range<usize>, message: &str) {
        let problem = Problem::new("hcl-limit", ProblemSeverity::Partial, message);
        let span = self.span(at);
        self.problems.push(problem.at(span));
    }

    pub(super) fn span(&self, at: Range<usize>) -> Span {
        self.input.span(self.store, self.base + at.start..self.base + at.end)
    }

    pub(super) fn origin(&self, at: Range<usize>) -> OriginId {
        self.input.origin(self.store, self.base + at.start..self.base + at.end)
    }

    pub(super) fn slice(&self, at: Range<usize>) -> Text {
        self.input.slice(self.store, self.base + at.start..self.base + at.end)
    }
}

fn binary(operator: EditBinary) -> BinaryOperator {
    match operator {
        EditBinary::Eq => BinaryOperator::Equal,
        EditBinary::NotEq => BinaryOperator::NotEqual,
        EditBinary::LessEq => BinaryOperator::LessOrEqual,
        EditBinary::GreaterEq => BinaryOperator::GreaterOrEqual,
        EditBinary::Less => BinaryOperator::Less,
        EditBinary::Greater => BinaryOperator::Greater,
        EditBinary::Plus => BinaryOperator::Add,
        EditBinary::Minus => BinaryOperator::Subtract,
        EditBinary::Mul => BinaryOperator::Multiply,
        EditBinary::Div => BinaryOperator::Divide,
        EditBinary::Mod => BinaryOperator::Modulo,
        EditBinary::And => BinaryOperator::And,
        EditBinary::Or => BinaryOperator::Or,
    }
}
