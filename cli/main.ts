import { ApiError } from '../server/http/errors.ts';
import { explain } from '../server/operator-error.ts';
import { type Command, describeCommand, type ExitCode, Misuse, readOptions } from './command.ts';

/** Every command; each is loaded only when it is called. */
const commands: Record<string, { summary: string; load: () => Promise<Command> }> = {
  serve: { summary: 'Run everything: pages, API, sockets and background work.', load: async () => (await import('./serve.ts')).serve },
  web: { summary: 'Run only what answers; the database runs elsewhere.', load: async () => (await import('./serve.ts')).web },
  worker: { summary: 'Run only the background work; the database runs elsewhere.', load: async () => (await import('./serve.ts')).worker },
  migrate: {
    summary: 'Bring the database up to date and open its roles.',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  'account create': { summary: 'Make an account with its admin.', load: async () => (await import('./account-create.ts')).accountCreate },
  'account reset-password': {
    summary: 'Give somebody a new password and end their sessions.',
    load: async () => (await import('./account-reset-password.ts')).accountResetPassword,
  },
  'account list': { summary: 'List the accounts of this installation.', load: async () => (await import('./account-list.ts')).accountList },
  'account show': { summary: 'Show one account.', load: async () => (await import('./account-show.ts')).accountShow },
  'account suspend': {
    summary: 'Make an account read-only; it still receives messages.',
    load: async () => (await import('./account-suspend.ts')).accountSuspend,
  },
  'account resume': {
    summary: 'Let a suspended account go on.',
    load: async () => (await import('./account-suspend.ts')).accountResume,
  },
  'superadmin grant': {
    summary: 'Let somebody look after the whole installation.',
    load: async () => (await import('./superadmin.ts')).superadminGrant,
  },
  'superadmin revoke': {
    summary: 'Take that away again; the last one stays.',
    load: async () => (await import('./superadmin.ts')).superadminRevoke,
  },
  'member list': { summary: 'List the people of an account.', load: async () => (await import('./member-list.ts')).memberList },
  'member invite': {
    summary: 'Invite somebody into an account and print the link.',
    load: async () => (await import('./member-invite.ts')).memberInvite,
  },
  'member role': { summary: 'Give a member another role.', load: async () => (await import('./member-role.ts')).memberRole },
  doctor: { summary: 'Check this installation and say what is wrong.', load: async () => (await import('./doctor.ts')).doctor },
  'audit verify': {
    summary: 'Prove that nothing in the audit log was changed or taken out.',
    load: async () => (await import('./audit-verify.ts')).auditVerify,
  },
  'demo remove': { summary: 'Remove the demo desk.', load: async () => (await import('./demo-remove.ts')).demoRemove },
  'secrets rotate': {
    summary: 'Seal every secret under a new data key.',
    load: async () => (await import('./secrets-rotate.ts')).secretsRotate,
  },
  'secrets rotate-master': {
    summary: 'Take the secrets over to a new master key.',
    load: async () => (await import('./secrets-rotate-master.ts')).secretsRotateMaster,
  },
  'db url': { summary: 'Print how to reach the embedded database.', load: async () => (await import('./db-url.ts')).dbUrl },
};

/** Runs one command and returns the exit code: 0 done, 1 failed, 2 called wrongly. */
export async function main(words: string[]): Promise<ExitCode> {
  const found = findCommand(words);
  if (!found) return describeSome(words);
  const command = await found.entry.load();
  try {
    if (found.rest.includes('--help') || found.rest.includes('-h')) {
      console.log(describeCommand(command));
      return 0;
    }
    return await command.run(readOptions(command, found.rest));
  } catch (error) {
    return report(command, error);
  }
}

function findCommand(words: string[]) {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry && words.length >= length) return { entry, rest: words.slice(length) };
  }
  return undefined;
}

/** All commands, or those of the first word where it is the first word of some. */
function describeSome(words: string[]): ExitCode {
  const [first = 'help', second = ''] = words;
  const isHelp = (word: string) => ['--help', '-h', 'help'].includes(word);
  const ofFirst = Object.entries(commands).filter(([name]) => name.startsWith(`${first} `));
  const isAsked = isHelp(first) || (ofFirst.length > 0 && isHelp(second));
  const shown = ofFirst.length > 0 ? ofFirst : Object.entries(commands);
  const width = Math.max(...shown.map(([name]) => name.length));
  const lines = shown.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  const text = ['guichet <command> [options]', '', ...lines, '', 'guichet <command> --help says more.'].join('\n');
  if (isAsked) console.log(text);
  else console.error(`guichet: there is no command "${words.slice(0, 2).join(' ')}"\n\n${text}`);
  return isAsked ? 0 : 2;
}

function report(command: Command, error: unknown): ExitCode {
  if (error instanceof Misuse) {
    console.error(`guichet ${command.name}: ${error.message}\n\n${describeCommand(command)}`);
    return 2;
  }
  if (error instanceof ApiError) {
    const fields = error.errors.map(({ path, message }) => `\n  --${path}: ${message}`).join('');
    console.error(`guichet ${command.name}: ${error.message}${fields}`);
    return error.code === 'validation_error' ? 2 : 1;
  }
  console.error(explain(error) ?? error);
  return 1;
}
