import { describe, expect, it } from 'vitest';
import { createFormat } from './format.ts';

// Saturday 21 November 2026, 09:41 in Paris.
const now = () => Date.parse('2026-11-21T08:41:00.000Z');
const french = createFormat('fr', 'Europe/Paris', now);

describe('times in French', () => {
  it('are the hour for today', () => expect(french.short('2026-11-21T08:38:00.000Z')).toBe('9\u00a0h\u00a038'));
  it('are a word for yesterday', () => expect(french.short('2026-11-20T12:00:00.000Z')).toBe('hier'));
  it('are the weekday within the week', () => expect(french.short('2026-11-18T12:00:00.000Z')).toBe('mer.'));
  it('are day and month within the year', () => expect(french.short('2026-03-12T12:00:00.000Z')).toBe('12 mars'));
  it('carry the year when it is another', () => expect(french.short('2025-11-03T12:00:00.000Z')).toBe('03/11/2025'));
  it('head a day of the thread with its full name', () => expect(french.day('2026-11-18T12:00:00.000Z')).toBe('mercredi 18 novembre'));
});

describe('days', () => {
  it('begin at midnight where the member is, not in UTC', () => {
    expect(french.isToday('2026-11-20T23:30:00.000Z')).toBe(true);
    expect(createFormat('fr', 'America/New_York', now).isToday('2026-11-20T23:30:00.000Z')).toBe(false);
  });
  it('survive the change of the clocks', () => {
    const autumn = createFormat('fr', 'Europe/Paris', () => Date.parse('2026-10-25T22:30:00.000Z'));
    expect(autumn.short('2026-10-24T12:00:00.000Z')).toBe('hier');
  });
});

it('counts hours and minutes that are left', () => {
  expect(french.span(107 * 60_000)).toBe('1\u00a0h\u00a047');
  expect(french.span(9 * 60_000)).toBe('9\u00a0min');
  expect(french.span(-1)).toBe('0\u00a0min');
});

it('tells English time in 24 hours', () => {
  expect(createFormat('en', 'Europe/London', now).clock('2026-11-21T17:05:00.000Z')).toBe('17:05');
});

describe('what a member wants otherwise than their language has it', () => {
  const wish = (dateFormat: 'month_day_year' | 'year_month_day', timeFormat: '24_hours' | '12_hours') =>
    createFormat('fr', 'Europe/Paris', now, { dateFormat, timeFormat });

  it('puts the parts of a numeric date in their order', () => {
    expect(wish('month_day_year', '24_hours').short('2025-11-03T12:00:00.000Z')).toBe('11/03/2025');
    expect(wish('year_month_day', '24_hours').short('2025-11-03T12:00:00.000Z')).toBe('2025-11-03');
  });

  it('reads the clock in twelve hours or twenty-four', () => {
    expect(wish('month_day_year', '12_hours').clock('2026-11-21T20:38:00.000Z')).toMatch(/^9:38\sPM$/);
    expect(wish('month_day_year', '24_hours').clock('2026-11-21T20:38:00.000Z')).toBe('21\u00a0h\u00a038');
  });
});
