//! titles
