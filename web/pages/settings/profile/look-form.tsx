import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { Preferences } from '../../../../contract/preferences.ts';
import { changePreferences } from '../../../follow-preferences.ts';
import { useSubmit } from '../../../forms/use-submit.ts';
import { createFormat } from '../../../i18n/format.ts';
import { languages } from '../../../i18n/index.ts';
import { useT } from '../../../i18n/use-t.ts';
import { meQuery, queryClient } from '../../../queries.ts';
import { setMe, useMe } from '../../../session.ts';
import { Button } from '../../../ui/button.tsx';
import { AreaField, SelectField } from '../../../ui/field.tsx';
import { Refusal } from '../../../ui/refusal.tsx';
import { TimeZoneOptions } from '../time-zones.tsx';

// A select has no null: the empty choice stands for "as the account has it".
type LookValues = Omit<Preferences, 'language' | 'timeZone'> & { language: Preferences['language'] | ''; timeZone: string };

/** An afternoon, so that twelve and twenty-four hours differ, and a day above twelve, so that day and month do. */
const example = '2026-12-31T15:30:00.000Z';
const dateFormats = ['day_month_year', 'month_day_year', 'year_month_day'] as const;
const weekdays = ['monday', 'saturday', 'sunday'] as const;

/** Language, zone, theme, formats and signature. */
export function LookForm({ preferences }: { preferences: Preferences }) {
  const t = useT();
  const me = useMe();
  const [isSaved, setSaved] = useState(false);
  const form = useForm<LookValues>({
    values: { ...preferences, language: preferences.language ?? '', timeZone: preferences.timeZone ?? '' },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const { refusal, onSubmit } = useSubmit(form, async ({ language, timeZone, ...given }) => {
    await changePreferences({ ...given, language: language === '' ? null : language, timeZone: timeZone === '' ? null : timeZone });
    setMe(await queryClient.fetchQuery({ ...meQuery, staleTime: 0 }));
    setSaved(true);
  });
  const dateIn = (dateFormat: Preferences['dateFormat']) =>
    createFormat('fr', 'UTC', () => Date.parse('2027-06-01'), { dateFormat, timeFormat: 'language' }).short(example);
  const timeIn = (timeFormat: Preferences['timeFormat']) =>
    createFormat('en', 'UTC', Date.now, { dateFormat: 'language', timeFormat }).clock(example);
  return (
    <form className="block" noValidate onSubmit={onSubmit} onChange={() => setSaved(false)}>
      <h2>{t('profile.look')}</h2>
      <p className="soft">{t('profile.lookText')}</p>
      <div className="halves">
        <SelectField label={t('profile.language')} error={errors.language?.message} {...form.register('language')}>
          <option value="">{t('profile.languageAccount')}</option>
          {Object.entries(languages).map(([code, own]) => (
            <option key={code} value={code} lang={code}>
              {own}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('profile.timeZone')} error={errors.timeZone?.message} {...form.register('timeZone')}>
          <option value="">{t('profile.timeZoneAccount')}</option>
          <TimeZoneOptions current={preferences.timeZone ?? me?.timeZone ?? 'UTC'} />
        </SelectField>
        <SelectField label={t('profile.theme')} {...form.register('theme')}>
          {(['system', 'light', 'dark'] as const).map((theme) => (
            <option key={theme} value={theme}>
              {t(`look.${theme}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('profile.weeks')} {...form.register('firstDayOfWeek')}>
          <option value="language">{t('profile.asLanguage')}</option>
          {weekdays.map((day) => (
            <option key={day} value={day}>
              {t(`profile.${day}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('profile.dates')} {...form.register('dateFormat')}>
          <option value="language">{t('profile.asLanguage')}</option>
          {dateFormats.map((one) => (
            <option key={one} value={one}>
              {dateIn(one)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('profile.times')} {...form.register('timeFormat')}>
          <option value="language">{t('profile.asLanguage')}</option>
          <option value="24_hours">{t('profile.hours24', { example: timeIn('24_hours') })}</option>
          <option value="12_hours">{t('profile.hours12', { example: timeIn('12_hours') })}</option>
        </SelectField>
      </div>
      <AreaField
        label={t('profile.signature')}
        hint={t('profile.signatureHint')}
        rows={3}
        maxLength={2000}
        error={errors.signature?.message}
        {...form.register('signature')}
      />
      <Refusal text={refusal} />
      <div className="row">
        <span className="small ok" role="status">
          {isSaved && !isDirty ? t('form.saved') : ''}
        </span>
        <Button type="submit" look="solid" className="end" busy={isSubmitting} disabled={!isDirty}>
          {t('form.save')}
        </Button>
      </div>
    </form>
  );
}
