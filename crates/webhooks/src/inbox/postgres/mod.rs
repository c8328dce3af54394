//! The inbox in PostgreSQL, for several receivers at once.
