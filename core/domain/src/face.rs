//! How somebody liked what a room watched together.

/// One of five faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// 😍
    Love,
    /// 🙂
    Good,
    /// 😐
    Fine,
    /// 🙁
    Bad,
    /// 😴
    Asleep,
}

impl Face {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [Self::Love, Self::Good, Self::Fine, Self::Bad, Self::Asleep];

    /// What it is stored as.
    pub fn id(self) -> &'static str {
        match self {
            Self::Love => "love",
            Self::Good => "good",
            Self::Fine => "fine",
            Self::Bad => "bad",
            Self::Asleep => "asleep",
        }
    }

    /// The face of an id.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|face| face.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_face_is_read_from_what_it_is_stored_as() {
        for face in Face::ALL {
            assert_eq!(Face::of(face.id()), Some(face));
        }
        assert_eq!(Face::of("grin"), None);
    }
}
