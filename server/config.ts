import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AllowedPlace, parseAllowedPlace } from './egress/allowed.ts';
import { findProviderContradictions, type ProviderSettings, providerEnvironment, toProviders } from './auth/oidc/settings.ts';
import { isLoopback } from './loopback.ts';
import { readSender, readSmtpUrl, type Sender, type SmtpServer } from './mail/smtp-url.ts';
import { OperatorError } from './operator-error.ts';
import { packageRoot } from './package.ts';
import { keepSecret, readSecret } from './secret-file.ts';

/** Everything the environment decides. Read once; nothing else looks at process.env. */
export interface Config {
  isProduction: boolean;
  dataDir: string;
  host: string;
  port: number;
  /** What the outside calls, without a slash at the end. */
  publicUrl: string;
  trustedProxies: string[];
  /** Master key of sealed secrets and tokens. */
  secretKey: string;
  /** The one before it, while it is being changed. */
  previousSecretKey: string | undefined;
  databaseUrl: string | undefined;
  databaseAppUrl: string | undefined;
  databaseJobUrl: string | undefined;
  /** Where several web processes count limits together. */
  redisUrl: string | undefined;
  /** undefined: the demo is made when the database is new. */
  demo: boolean | undefined;
  filesDir: string;
  logLevel: LogLevel;
  metricsToken: string | undefined;
  /** Where people may sign in besides here: Google, Microsoft, another OpenID provider. */
  oidc: ProviderSettings[];
  /** The mail server for mails of the system; without one links are copied by people. */
  smtp: SmtpServer | undefined;
  mailFrom: Sender;
  /** Where addresses that users give may lead besides the internet. */
  egressAllow: AllowedPlace[];
  /** Base addresses of providers, which stand-ins replace. */
  providers: { whatsapp: string };
  /** Between "not ready" and the end of listening, so that a load balancer notices. */
  drainGraceMs: number;
  /** True when GUICHET_PUBLIC_URL is http: cookies then cannot be `Secure`. */
  isHttp: boolean;
}

export type LogLevel = z.infer<typeof logLevel>;
type Environment = Record<string, string | undefined>;

/** The master keys where they can be found without making anything: for checks that need no installation. */
export function findSecretKeys(env: Environment = process.env): { secretKey: string; previousSecretKey: string | undefined } | undefined {
  const kept = join(resolve(packageRoot, env.GUICHET_DATA_DIR || 'data'), 'secret-key');
  const secretKey = env.GUICHET_SECRET_KEY || readSecret(kept);
  return secretKey === undefined ? undefined : { secretKey, previousSecretKey: env.GUICHET_SECRET_KEY_PREVIOUS || undefined };
}

/** One error that names every problem of the environment, so that nobody mends them one start at a time. */
export class ConfigError extends OperatorError {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(['The environment has problems:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

const logLevel = z.enum(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  'must be one of fatal, error, warn, info, debug, trace, silent',
);
const isYes = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\/.+/s, 'must look like postgresql://user:password@host:5432/database');
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).transform((value) => value.replace(/\/+$/, ''));

const schema = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test'], 'must be production, development or test').optional(),
  GUICHET_DATA_DIR: z.string().default('data'),
  GUICHET_HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce
    .number('must be a port from 0 to 65535')
    .int()
    .min(0, 'must be a port from 0 to 65535')
    .max(65_535, 'must be a port from 0 to 65535')
    .default(3000),
  GUICHET_PUBLIC_URL: httpUrl.optional(),
  GUICHET_ALLOW_HTTP: isYes.default(false),
  GUICHET_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine((parts) => parts.every(isAddress), 'must be addresses or networks such as 10.0.0.0/8, separated by commas'),
  GUICHET_EGRESS_ALLOW: z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)
        .map(parseAllowedPlace),
    )
    .refine(
      (places) => places.every((place) => place !== undefined),
      'must be hosts or networks, each at a port or not, such as intranet.example:8080 or 10.0.0.0/8 or *:8443, separated by commas',
    ),
  GUICHET_SECRET_KEY: z
    .string()
    .refine(isStrong, 'must have at least 32 characters that nobody can guess, for example from `openssl rand -base64 48`')
    .optional(),
  GUICHET_SECRET_KEY_PREVIOUS: z.string().min(32, 'must be the GUICHET_SECRET_KEY before the present one').optional(),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_APP_URL: postgresUrl.optional(),
  DATABASE_JOB_URL: postgresUrl.optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/.+/s, 'must look like redis://user:password@host:6379')
    .optional(),
  GUICHET_DEMO: isYes.optional(),
  GUICHET_FILES_URL: z
    .string()
    .regex(/^file:/, 'must be a file: address')
    .optional(),
  LOG_LEVEL: logLevel.optional(),
  GUICHET_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  ...providerEnvironment,
  GUICHET_SMTP_URL: z
    .string()
    .refine(
      isSmtpUrl,
      'must look like smtp://user:password@host:587 or smtps://user:password@host:465; ?tls=optional allows a relay without TLS',
    )
    .optional(),
  GUICHET_MAIL_FROM: z
    .string()
    .refine((value) => readSender(value) !== undefined, 'must look like desk@example.org or Desk <desk@example.org>')
    .optional(),
  GUICHET_WHATSAPP_API_URL: httpUrl.default('https://graph.facebook.com'),
});

/** Reads the environment. The master key is generated into the data directory when this is not production. */
export function readConfig(env: Environment = process.env): Config {
  // An empty variable counts as absent: that is what compose files and unit files produce.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = schema.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  problems.push(...findContradictions(present));
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

/** What is right by itself and wrong together. Looks at the raw values, so that it reports beside the other problems. */
function findContradictions(env: Environment): string[] {
  const problems: string[] = [];
  if (env.NODE_ENV === 'production' && env.GUICHET_SECRET_KEY === undefined) {
    problems.push(
      'GUICHET_SECRET_KEY is needed in production, for example from `openssl rand -base64 48`; keep it with your backups, sealed secrets cannot be read without it',
    );
  }
  const host = env.GUICHET_HOST ?? '127.0.0.1';
  if (!isLoopback(host) && !env.GUICHET_PUBLIC_URL?.startsWith('https://') && env.GUICHET_ALLOW_HTTP !== 'true') {
    problems.push(
      `GUICHET_HOST ${host} listens beyond this machine, but GUICHET_PUBLIC_URL is not https: put a proxy with TLS in front, or set GUICHET_ALLOW_HTTP=true to send passwords in the clear`,
    );
  }
  if ((env.DATABASE_APP_URL === undefined) !== (env.DATABASE_JOB_URL === undefined)) {
    problems.push('DATABASE_APP_URL and DATABASE_JOB_URL are needed together');
  }
  problems.push(...findProviderContradictions(env));
  return problems;
}

function toConfig(env: z.infer<typeof schema>): Config {
  const isProduction = env.NODE_ENV === 'production';
  const dataDir = resolve(packageRoot, env.GUICHET_DATA_DIR);
  const publicUrl = env.GUICHET_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  return {
    isProduction,
    dataDir,
    host: env.GUICHET_HOST,
    port: env.PORT,
    publicUrl,
    trustedProxies: env.GUICHET_TRUSTED_PROXIES,
    secretKey:
      env.GUICHET_SECRET_KEY ??
      keepSecret(join(dataDir, 'secret-key'), () => Buffer.from(crypto.getRandomValues(new Uint8Array(48))).toString('base64url')),
    previousSecretKey: env.GUICHET_SECRET_KEY_PREVIOUS,
    databaseUrl: env.DATABASE_URL,
    databaseAppUrl: env.DATABASE_APP_URL,
    databaseJobUrl: env.DATABASE_JOB_URL,
    redisUrl: env.REDIS_URL,
    demo: env.GUICHET_DEMO,
    filesDir: env.GUICHET_FILES_URL
      ? resolve(decodeURIComponent(env.GUICHET_FILES_URL.replace(/^file:(\/\/)?/, '')))
      : join(dataDir, 'files'),
    logLevel: env.LOG_LEVEL ?? (isProduction ? 'info' : 'warn'),
    metricsToken: env.GUICHET_METRICS_TOKEN,
    egressAllow: env.GUICHET_EGRESS_ALLOW.filter((place) => place !== undefined),
    oidc: toProviders(env),
    smtp: env.GUICHET_SMTP_URL === undefined ? undefined : readSmtpUrl(env.GUICHET_SMTP_URL),
    mailFrom: readSender(env.GUICHET_MAIL_FROM ?? `guichet@${new URL(publicUrl).hostname}`) ?? {
      name: 'Guichet',
      address: 'guichet@localhost',
    },
    providers: { whatsapp: env.GUICHET_WHATSAPP_API_URL },
    drainGraceMs: isProduction ? 3_000 : 0,
    isHttp: publicUrl.startsWith('http://'),
  };
}

function isAddress(part: string): boolean {
  const [address = '', bits] = part.split('/');
  const family = isIP(address);
  return family !== 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}

/** Also false for a password with a stray percent sign. */
function isSmtpUrl(value: string): boolean {
  try {
    return readSmtpUrl(value) !== undefined;
  } catch {
    return false;
  }
}

function isStrong(key: string): boolean {
  return key.length >= 32 && new Set(key).size >= 10;
}
