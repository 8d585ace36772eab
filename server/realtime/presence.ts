import type { PresenceStatus } from '../../contract/socket.ts';
import type { Context } from '../context.ts';
import { announce, type Change } from '../db/announcements.ts';
import type { DeskNamespace, DeskSocket } from './desk.ts';
import { type Connection, listPresence, listViewers, removeConnections, sweepPresence, writeConnections } from './queries.ts';

export interface PresenceEntry {
  userId: string;
  status: PresenceStatus;
  lastSeenAt: string;
}

/** Who is there: a row per connection, shared by all processes, believed for two minutes after it was last heard. */
export interface Presence {
  /** Writes a connection that came, changed or was heard again after a silence, and answers who is there. */
  write(socket: DeskSocket): Promise<PresenceEntry[]>;
  /** Writes what a connection looks at, and answers who else looks at the conversation. */
  writeViewing(socket: DeskSocket, conversationId: string): Promise<string[]>;
  /** A connection is gone; those that go together are written together. */
  left(socket: DeskSocket): void;
  close(): Promise<void>;
}

export const silentAfterMs = 120_000;
const beatMs = 30_000;
const sweepMs = 15_000;
const leftTogetherMs = 20;

export function createPresence(context: Pick<Context, 'database' | 'announcer' | 'log'>, namespace: DeskNamespace): Presence {
  const { database, log } = context;
  let gone: DeskSocket[] = [];
  let goneTimer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  /** A presence that cannot be written is written with the next beat. */
  const quietly = (work: Promise<unknown>) =>
    work.then(
      () => {},
      (error: unknown) => log.debug({ err: error }, 'presence was not written'),
    );

  async function beat(): Promise<void> {
    const heard = [...namespace.sockets.values()].filter((socket) => Date.now() - socket.data.heardAt < silentAfterMs);
    for (const [accountId, sockets] of byAccount(heard)) {
      await database.withAccount(accountId, (tx) => writeConnections(tx, sockets.flatMap(connectionOf)));
    }
  }

  async function sweep(): Promise<void> {
    await sweepPresence(database);
    context.announcer.wake();
  }

  async function writeGone(): Promise<void> {
    goneTimer = undefined;
    const sockets = gone;
    gone = [];
    for (const [accountId, own] of byAccount(sockets)) {
      await database.withAccount(accountId, async (tx) => {
        await removeConnections(
          tx,
          own.map((socket) => socket.data.id),
        );
        await announce(tx, own.flatMap(changesOfLeaving));
      });
    }
    context.announcer.wake();
  }

  const beating = setInterval(() => void quietly(beat()), beatMs);
  const sweeping = setInterval(() => void quietly(sweep()), sweepMs);

  return {
    async write(socket) {
      const member = memberOf(socket);
      const rows = await database.withAccount(member.accountId, async (tx) => {
        await writeConnections(tx, connectionOf(socket));
        await announce(tx, [{ type: 'presence:update', userId: member.userId }]);
        return listPresence(tx, null);
      });
      context.announcer.wake();
      return rows.map((row) => ({ userId: row.user_id, status: row.status, lastSeenAt: row.last_seen_at.toISOString() }));
    },
    async writeViewing(socket, conversationId) {
      const rows = await database.withAccount(memberOf(socket).accountId, async (tx) => {
        await writeConnections(tx, connectionOf(socket));
        await announce(tx, [{ type: 'viewing', conversationId }]);
        return listViewers(tx, [conversationId]);
      });
      context.announcer.wake();
      return rows[0]?.user_ids ?? [];
    },
    left(socket) {
      if (!socket.data.member) return;
      gone.push(socket);
      goneTimer ??= setTimeout(() => {
        writing = quietly(writeGone());
      }, leftTogetherMs);
    },
    async close() {
      clearInterval(beating);
      clearInterval(sweeping);
      clearTimeout(goneTimer);
      await writing;
      if (gone.length > 0) await quietly(writeGone());
    },
  };
}

function memberOf(socket: DeskSocket) {
  const { member } = socket.data;
  if (!member) throw new Error('presence of a connection that has not signed in');
  return member;
}

function connectionOf(socket: DeskSocket): Connection[] {
  const { id, member, status, viewing, heardAt } = socket.data;
  return member ? [{ id, userId: member.userId, status, viewing: [...viewing], seenAt: new Date(heardAt) }] : [];
}

function changesOfLeaving(socket: DeskSocket): Change[] {
  const viewing = [...socket.data.viewing].map((conversationId) => ({ type: 'viewing' as const, conversationId }));
  return [{ type: 'presence:update', userId: memberOf(socket).userId }, ...viewing];
}

function byAccount(sockets: DeskSocket[]): Map<string, DeskSocket[]> {
  const groups = new Map<string, DeskSocket[]>();
  for (const socket of sockets) {
    const accountId = socket.data.member?.accountId;
    if (accountId === undefined) continue;
    const own = groups.get(accountId);
    if (own) own.push(socket);
    else groups.set(accountId, [socket]);
  }
  return groups;
}
