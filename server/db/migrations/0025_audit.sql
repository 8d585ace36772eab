-- Finding entries of the audit log by time, and saying what the chain is.

create index audit_entries_at on audit_entries (account_id, at);
comment on table audit_heads is 'The end of an account''s audit chain; its row lock puts writers in line. mac marks seq and hash with a key that is not in the database.';
