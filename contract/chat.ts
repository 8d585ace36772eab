import { z } from 'zod';
import { safeText } from './common.ts';

/** Starts or takes up a visitor's chat. */
export const newChatSession = z.strictObject({
  token: z.string().max(200).optional().describe('The token of an earlier session; an unknown one starts a new visitor'),
});

export const newChatMessage = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be 1 to 100 letters, digits, - or _')
    .describe("The page's own id: sending it again is the same message"),
  text: safeText(0, 10_000).refine((text) => text.trim() !== '', 'must say something'),
});

export const chatMessagesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(512).optional(),
});
