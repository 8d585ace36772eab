import type { z } from 'zod';
import type { FieldError } from './errors.ts';

const errorsMax = 50;

/** What a schema found, with the dotted path of each field; a key that does not belong is named itself. */
export function fieldErrorsOf(error: z.ZodError): FieldError[] {
  return error.issues.flatMap(errorsOfIssue).slice(0, errorsMax);
}

function errorsOfIssue(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
  return [{ path: path.join('.'), message: issue.message }];
}
