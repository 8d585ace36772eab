/** One line of a sample conversation. */
export interface ScriptLine {
  /** Minutes after the line before it. */
  afterMinutes: number;
  /** The member who wrote it; null for the customer. */
  author: string | null;
  isNote: boolean;
  /** How its sending ended, where it is not the usual. */
  mark: string | null;
  text: string;
}

const minutes: Record<string, number> = { s: 1 / 60, m: 1, h: 60, d: 1_440 };
const linePattern = /^\+(\d+)([smhd]) (?:<|(\w+)([>#])) (?:\[(\w+)\] )?(.*)$/;

/**
 * Reads a conversation as it is written in content/: one line each, `+5m < text` from the customer, `+2h agent> text` from a member,
 * `+1m agent# text` for a private note, `[failed]` and the like before the text. A line that does not begin so continues the one above.
 */
export function readScript(script: string): ScriptLine[] {
  const lines: ScriptLine[] = [];
  for (const line of script.trim().split('\n')) {
    const match = linePattern.exec(line.trim());
    const last = lines.at(-1);
    if (match) {
      lines.push({
        afterMinutes: Number(match[1]) * (minutes[match[2] ?? 'm'] ?? 1),
        author: match[3] ?? null,
        isNote: match[4] === '#',
        mark: match[5] ?? null,
        text: match[6] ?? '',
      });
    } else if (last) last.text += `\n${line.trim()}`;
    else throw new Error(`a conversation begins with a line that cannot be read: ${line}`);
  }
  return lines;
}
