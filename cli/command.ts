import { parseArgs, type ParseArgsConfig } from 'node:util';

/** How a command ended: done, failed, or called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** The command was called wrongly; its message says how. */
export class Misuse extends Error {}

export interface Option {
  description: string;
  /** Left out for a switch. */
  value?: string;
  isRequired?: boolean;
}

/** What a command was given; required options are there. */
export type Given = Record<string, string | true | undefined>;

export interface Command {
  name: string;
  summary: string;
  options: Record<string, Option>;
  run(given: Given): Promise<ExitCode>;
}

/** Reads the options of a command; throws Misuse in words. */
export function readOptions(command: Command, words: string[]): Given {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [name, { type: option.value === undefined ? 'boolean' : 'string' } as const]),
  );
  const given = parse(words, options);
  const missing = Object.entries(command.options).filter(([name, option]) => option.isRequired && !given[name]);
  if (missing.length > 0)
    throw new Misuse(`missing: ${missing.map(([name, option]) => `--${name} ${option.value ?? ''}`.trim()).join(', ')}`);
  return given;
}

function parse(words: string[], options: NonNullable<ParseArgsConfig['options']>): Given {
  try {
    return parseArgs({ args: words, options, strict: true, allowPositionals: false }).values as Given;
  } catch (error) {
    throw new Misuse((error as Error).message);
  }
}

/** The help of one command. */
export function describeCommand(command: Command): string {
  const options = { ...command.options, help: { description: 'Show this.' } };
  const rows = Object.entries(options).map(([name, option]: [string, Option]) => [
    `--${name}${option.value ? ` ${option.value}` : ''}`,
    `${option.description}${option.isRequired ? ' Needed.' : ''}`,
  ]);
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  return [
    `guichet ${command.name}`,
    '',
    command.summary,
    '',
    ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}
