import type { DeliveryError } from '../../../contract/conversation.ts';

type ErrorClass = DeliveryError['class'];

/** Meta's codes by what can be done about them. Blocks and unpaid accounts stop the whole inbox, so they count as `auth`. */
const codes: [ErrorClass, number[]][] = [
  ['auth', [0, 3, 10, 190, 368, 131031, 130497, 131042, 131037, 131045, 131057, 133010]],
  ['throttle', [4, 80007, 130429, 131048, 131056, 133016, 131064]],
  ['window', [131047]],
  ['recipient', [131026, 131030, 130472, 131049, 131050, 131062]],
  ['content', [100, 131008, 131009, 131051, 131052, 131053, 132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 132069]],
  ['transient', [1, 2, 131000, 131016, 135000]],
];
const classByCode = new Map(codes.flatMap(([name, numbers]) => numbers.map((code) => [code, name] as const)));

/** The class of one of Meta's error codes. */
export function classOfCode(code: number): ErrorClass {
  if (code >= 200 && code <= 299) return 'auth';
  return classByCode.get(code) ?? 'unknown';
}
