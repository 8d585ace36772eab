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
      const known = error instanceof Problem ? error.errors.filter(({ path }) => path in values) : [];
      for (const { path, message } of known) form.setError(path as FieldPath<Values>, { message: explainFault(message, t) });
      if (known.length === 0) setRefusal(explainProblem(error, t));
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
