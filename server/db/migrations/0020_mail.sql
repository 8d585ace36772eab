-- Mails of the system itself. What they are about may concern no account (a link that a stranger asked for), so jobs may
-- belong to the installation: jobs lose their reference to accounts, and a trigger does what its cascade did.

alter table jobs
  drop constraint jobs_account_id_fkey,
  drop constraint jobs_lane_check,
  add constraint jobs_lane_check check (lane in ('inbound', 'outbound', 'default', 'slow', 'mail'));

grant select, delete on jobs to guichet_lookup;
create function forget_jobs() returns trigger language plpgsql as $$
begin
  delete from jobs where account_id = old.id;
  return null;
end $$;
create trigger forget_jobs after delete on accounts for each row execute function forget_jobs();

grant create on schema public to guichet_lookup;
alter function forget_jobs() security definer set search_path = public, pg_temp;
revoke all on function forget_jobs() from public;
alter function forget_jobs() owner to guichet_lookup;
revoke create on schema public from guichet_lookup;

create table mails (
  id uuid primary key,
  kind text not null,
  subject_id uuid not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'refused', 'failed', 'unneeded')),
  reply text check (length(reply) <= 40),
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index mails_subject on mails (subject_id, id desc);
create index mails_created on mails (created_at);
comment on table mails is 'What became of each mail of the system: to whom is said by subject_id alone, reply is the refusal''s code. Not a tenant table: some concern nobody''s account.';
comment on column mails.state is 'unneeded: nobody has this address, what it was about is over, or no mail server is configured.';
grant select, insert, update, delete on mails to guichet_app;
