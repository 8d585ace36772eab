import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { keepSecret } from '../secret-file.ts';

export interface RoleOptions {
  ownerUrl: string;
  dataDir: string;
  /** Logins given by the operator; then nothing is made or changed. */
  appUrl?: string | undefined;
  jobUrl?: string | undefined;
}

export interface RoleUrls {
  appUrl: string;
  jobUrl: string;
}

/** Makes the roles that serve able to log in, and says how. Runs after the migrations, with an owner's login. */
export async function openRoles(options: RoleOptions): Promise<RoleUrls> {
  return {
    appUrl: options.appUrl ?? (await openRole(options, 'guichet_app')),
    jobUrl: options.jobUrl ?? (await openRole(options, 'guichet_job')),
  };
}

async function openRole(options: RoleOptions, role: string): Promise<string> {
  const password = keepSecret(join(options.dataDir, `${role}.password`), () => choosePassword(options.ownerUrl, role));
  const url = withLogin(options.ownerUrl, role, password);
  // Another database or data directory of the same cluster may use these roles: a password that works stays.
  if (await canLogIn(url)) return url;
  await setPassword(options.ownerUrl, role, password);
  return url;
}

/**
 * Two servers with data directories of their own must not lock each other out, so the password follows from
 * the owner's, which both have. Without one (peer or trust authentication) it is random.
 */
function choosePassword(ownerUrl: string, role: string): string {
  const owner = decodeURIComponent(/^postgres(?:ql)?:\/\/[^:@/]*:([^@/]*)@/.exec(ownerUrl)?.[1] ?? '');
  return owner.length >= 8
    ? createHmac('sha256', owner).update(`guichet role ${role}`).digest('base64url')
    : randomBytes(32).toString('base64url');
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'guichet roles' });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01 and 28000: the password is wrong or missing. Anything else is a fault of the connection.
    if (['28P01', '28000'].includes(String((error as { code?: string }).code))) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function setPassword(ownerUrl: string, role: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'guichet roles' });
  await client.connect();
  try {
    await client.query(`alter role ${pg.escapeIdentifier(role)} with login password ${pg.escapeLiteral(password)}`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new OperatorError(`The login of DATABASE_URL may not set the password of ${role}: set DATABASE_APP_URL and DATABASE_JOB_URL`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** The same server and database with another login; understands socket directories in host or in ?host=. */
function withLogin(ownerUrl: string, role: string, password: string): string {
  const rest = /^postgres(?:ql)?:\/\/(?:[^@/?]*@)?(.*)$/s.exec(ownerUrl)?.[1];
  if (rest === undefined) throw new OperatorError('DATABASE_URL must look like postgresql://user:password@host:5432/database');
  return `postgresql://${role}:${encodeURIComponent(password)}@${rest.replace(/([?&])(user|password)=[^&]*&?/g, '$1')}`;
}

/** Throws unless this login is bound by row level security: no superuser, no BYPASSRLS, no ownership. */
export async function refuseStrongLogin(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'guichet roles' });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; why: string }>(`
      select r.rolname as name, case
        when r.rolsuper then 'is a superuser'
        when r.rolbypassrls then 'has BYPASSRLS'
        when r.rolcreaterole then 'has CREATEROLE'
        when exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and pg_has_role(r.oid, c.relowner, 'member')) then 'owns tables'
        when has_schema_privilege(r.oid, 'public', 'create') then 'may create tables'
      end as why from pg_roles r where r.rolname = current_user`);
    const found = rows[0];
    if (found?.why)
      throw new OperatorError(
        `The server does not serve as ${found.name}, which ${found.why}: let DATABASE_APP_URL and DATABASE_JOB_URL name roles without such rights`,
      );
  } finally {
    await client.end();
  }
}
