//! The fields of a form, as an enum: a field that does not exist does not compile, neither in a handler
//! nor in a template.

use std::borrow::Cow;

/// A field of one form. The order of the enum is the order of the page: faults are told in it.
pub trait FormField: Copy + Ord {
    /// The name under which a browser sends it.
    fn name(self) -> Cow<'static, str>;

    /// The `id` of its input, where the summary of faults leads to.
    fn id(self) -> Cow<'static, str> {
        self.name()
    }
}

/// All fields of a form, if their number does not depend on what is asked.
pub trait WholeForm: FormField + 'static {
    const FIELDS: &'static [Self];

    /// The field that is sent under a name, such as the key of what somebody else changed (V1).
    fn sent_as(name: &str) -> Option<Self> {
        Self::FIELDS.iter().copied().find(|field| field.name() == name)
    }
}

/// A field, however a template passes it on: its macros borrow what they are called with.
pub trait Names<K> {
    fn named(&self) -> K;
}

impl<K: FormField> Names<K> for K {
    fn named(&self) -> K {
        *self
    }
}

impl<K: FormField> Names<K> for &K {
    fn named(&self) -> K {
        **self
    }
}

impl<K: FormField> Names<K> for &&K {
    fn named(&self) -> K {
        ***self
    }
}

impl<K: FormField> Names<K> for &&&K {
    fn named(&self) -> K {
        ****self
    }
}

/// Declares the fields of a form in the order of the page: what each is sent as and, where that differs, the
/// `id` of its input: `Institution = "institution" at "inst"`.
macro_rules! form_fields {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $Form:ident { $($Field:ident = $name:literal $(at $id:literal)?),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        $visibility enum $Form { $($Field),+ }

        impl $crate::web::forms::WholeForm for $Form {
            const FIELDS: &'static [Self] = &[$(Self::$Field),+];
        }

        impl $crate::web::forms::FormField for $Form {
            fn name(self) -> ::std::borrow::Cow<'static, str> {
                match self { $(Self::$Field => $name.into()),+ }
            }

            fn id(self) -> ::std::borrow::Cow<'static, str> {
                match self { $(Self::$Field => [$($id,)? $name][0].into()),+ }
            }
        }
    };
}

pub(in crate::web) use form_fields;
