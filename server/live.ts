import type { Server } from 'node:http';
import type { Context } from './context.ts';
import { startAnnouncer } from './message/announce.ts';
import { startRealtime } from './realtime.ts';

export interface Live {
  /** Sends sockets away; clients come back to another process, or to this one's successor. */
  closeSockets(): Promise<void>;
  close(): Promise<void>;
}

/** Starts what tells of commits: the announcer, and sockets where this process answers requests. */
export function startLive(context: Context, server: Server | undefined): Live {
  const realtime = server && startRealtime(server, context);
  const announcer = startAnnouncer({
    database: context.database,
    log: context.log,
    fileUrl: context.fileLinks.urlOf,
    ...(realtime ? { listener: realtime.listener } : {}),
  });
  context.announcer = announcer;
  if (realtime) context.realtime = realtime;
  return {
    closeSockets: async () => realtime?.close(),
    close: () => announcer.close(),
  };
}
