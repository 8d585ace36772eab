import { useState } from 'react';
import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { useT } from '../i18n/use-t.ts';
import { Problem } from '../problem.ts';
import { explainProblem } from './explain.ts';
import { explainFault } from './fault-words.ts';

/** Sends a form; a refusal lands at the field that it names, or above the button when it names none that is here. */
export function useSubmit<Values extends FieldValues>(form: UseFormReturn<Values>, send: (values: Values) => Promise<void>) {
  const t = useT();
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = form.handleSubmit(async (values) => {
    setRefusal(null);
    try {
      await send(values);
    } catch (error) {
      // A field may stand deeper in what was sent than in the form: limits.perHour is perHour here.
      const faults = error instanceof Problem ? error.errors : [];
      const known = faults.map(({ path, message }) => ({ field: path in values ? path : (path.split('.').at(-1) ?? path), message }));
      const shown = known.filter(({ field }) => field in values);
      for (const { field, message } of shown) form.setError(field as FieldPath<Values>, { message: explainFault(message, t) });
      if (shown.length === 0) setRefusal(explainProblem(error, t));
    }
  });
  return {
    refusal,
    onSubmit: (event: { preventDefault(): void }) => {
      event.preventDefault();
      void submit();
    },
  };
}
