-- An invitation that a key made ends with the key, as one by a member ends with what they may do.

alter table invitations
  add column invited_by_key uuid,
  add constraint invitations_invited_by_key foreign key (account_id, invited_by_key)
    references api_keys (account_id, id) on delete set null (invited_by_key);
comment on column invitations.invited_by_key is 'Without it and without invited_by the operator invited.';
