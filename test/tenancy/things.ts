import { newId } from '../../server/db/id.ts';
import type { TestAccount, TestApp } from '../support/app.ts';
import { type Body, type Operation, sampleBody } from '../support/openapi.ts';

/** Makes one thing of a kind in an account and returns its id. */
export type Recipe = (maker: Maker) => Promise<string>;

export interface Maker {
  desk: TestApp;
  account: TestAccount;
  /** A word that nothing else holds: whoever reads it has seen this account. */
  canary: string;
  make(path: string, body: object): Promise<Body>;
}

let count = 0;
const next = () => {
  count += 1;
  return count;
};

/** What no POST of its own makes; every other kind is made by posting its document's example. */
const recipes: Record<string, Recipe> = {
  async sessions({ desk, account }) {
    const token = await desk.signIn(account.viewer.email);
    return (await desk.api('GET', '/auth/me', { token })).json.sessionId;
  },
  async conversations(maker) {
    return (await receive(maker)).conversation;
  },
  async contacts(maker) {
    return (await receive(maker)).contact;
  },
  async messages(maker) {
    return (await receive(maker)).message;
  },
  async inboxes({ make, canary }) {
    return String((await make('/inboxes', { channel: 'form', name: `Form ${canary}`, settings: {} }))['id']);
  },
};

async function receive({ desk, make, canary, account }: Maker): Promise<{ conversation: string; contact: string; message: string }> {
  const { token } = account.admin;
  const known = (await desk.api('GET', '/inboxes', { token })).json.items.find((one: { channel: string }) => one.channel === 'form');
  const inbox = known ?? (await make('/inboxes', { channel: 'form', name: `Form ${canary}`, settings: {} }));
  const { messageId } = await make('/ingest', {
    channel: 'form',
    inboxId: inbox.id,
    email: `client${next()}@${canary}.example`,
    name: `Client of ${canary}`,
    message: `Bonjour ${canary} ${next()}`,
  });
  const [row] = await desk.db.sql<{ conversation: string; contact: string; message: string }>(
    'select c.id as conversation, c.contact_id as contact, m.id as message from messages m join conversations c on c.id = m.conversation_id where m.id = $1',
    [messageId],
  );
  if (!row) throw new Error('nothing was received');
  return row;
}

export interface Things {
  canary: string;
  /** A new thing of this kind; undefined where nothing tells how one is made. */
  make(kind: string): Promise<string | undefined>;
  /** One thing of each kind that the operations name, made once. */
  all(): Promise<Map<string, string>>;
}

/** Fields of a body that do not bear the name of the kind they point to. */
const kindOfField: Record<string, string> = {
  assigneeId: 'members',
  assignee: 'members',
  userId: 'members',
  handOverTo: 'members',
  replyTo: 'messages',
  companyId: 'companies',
};

export const kindOf = (field: string): string => kindOfField[field] ?? `${field.replace(/Ids?$/, '')}s`;

/** What an account holds, made through the API as its admin would. */
export function thingsOf(
  desk: TestApp,
  account: TestAccount,
  operations: Operation[],
  canary: string,
  more: Record<string, Recipe> = {},
): Things {
  const maker: Maker = {
    desk,
    account,
    canary,
    async make(path, body) {
      const answer = await desk.api('POST', path, { token: account.admin.token, body });
      if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
      return answer.json;
    },
  };
  const kinds = new Set(operations.flatMap(({ pathIds }) => pathIds.map(({ kind }) => kind)));
  let made: Promise<Map<string, string>> | undefined;

  async function make(kind: string): Promise<string | undefined> {
    const recipe = more[kind] ?? recipes[kind];
    if (recipe) return recipe(maker);
    const collection = operations.find(({ method, path }) => method === 'POST' && path.endsWith(`/${kind}`) && !path.includes('{'));
    if (!collection) return undefined;
    const example = collection.examples[0] ?? sampleBody(collection.body, newId) ?? {};
    const answer = await maker.make(collection.path.replace('/api/v1', ''), unlike(example, canary));
    return typeof answer['id'] === 'string' ? answer['id'] : undefined;
  }

  return {
    canary,
    make,
    all() {
      made ??= (async () => {
        const all = new Map<string, string>();
        for (const kind of kinds) {
          const id = await make(kind);
          if (id !== undefined) all.set(kind, id);
        }
        return all;
      })();
      return made;
    },
  };
}

/** The same body with another name and address, so that it can be made any number of times. */
export function unlike(body: Body, canary: string): Body {
  const n = next();
  return {
    ...body,
    ...('name' in body ? { name: `${canary} ${n}` } : {}),
    ...('email' in body ? { email: `somebody${n}@${canary}.example` } : {}),
  };
}
