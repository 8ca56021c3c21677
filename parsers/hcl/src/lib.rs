//! HCL syntax and expression evaluation with unknown values.
