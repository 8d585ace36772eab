import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type FieldPath, useForm } from 'react-hook-form';
import type { Inbox, NewInbox } from '../../../../contract/inbox.ts';
import { call } from '../../../api.ts';
import { explainProblem } from '../../../forms/explain.ts';
import { explainFault } from '../../../forms/fault-words.ts';
import { useT } from '../../../i18n/use-t.ts';
import type { MessageId } from '../../../i18n/index.ts';
import { paths } from '../../../paths.ts';
import { Problem } from '../../../problem.ts';
import { inboxesQuery, queryClient } from '../../../queries.ts';
import { Button } from '../../../ui/button.tsx';
import { ChannelGlyph } from '../../../ui/channel-glyph.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import { AreaField, TextField } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { SectionHead } from '../parts.tsx';
import { randomToken, rememberFreshSecret } from './fresh-secrets.ts';
import { fieldsOf, type OfferedChannel, offeredChannels } from './channel-fields.ts';

interface InboxForm {
  name: string;
  settings: Record<string, string>;
}

/** Opens an inbox: which channel, then what that channel needs. */
export function NewInboxForm() {
  const t = useT();
  const navigate = useNavigate();
  const [channel, setChannel] = useState<OfferedChannel>('webchat');
  const [verifyToken] = useState(randomToken);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<InboxForm>({ defaultValues: { name: '', settings: {} }, shouldUnregister: true });
  const { errors, isSubmitting } = form.formState;

  const create = async (given: InboxForm) => {
    setRefusal(null);
    const filled = Object.fromEntries(Object.entries(given.settings ?? {}).filter(([, value]) => value?.trim()));
    const settings = channel === 'whatsapp' ? { ...filled, verifyToken } : filled;
    try {
      const body = { channel, name: given.name.trim(), settings } as unknown as NewInbox;
      const inbox = await call<Inbox>(paths.inboxes, {
        method: 'POST',
        body,
        idempotencyKey: `${idempotencyKey}-${JSON.stringify(body).length}`,
      });
      if (channel === 'whatsapp') rememberFreshSecret(inbox.id, verifyToken);
      await queryClient.invalidateQueries(inboxesQuery);
      await navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'inboxes', item: inbox.id } });
    } catch (error) {
      if (!(error instanceof Problem)) return setRefusal(t('error.server'));
      for (const one of error.errors) form.setError(one.path as FieldPath<InboxForm>, { message: explainFault(one.message, t) });
      if (!error.errors.length) setRefusal(explainProblem(error, t));
    }
  };
  return (
    <form className="col" noValidate onSubmit={(event) => void form.handleSubmit(create)(event)}>
      <SectionHead title={t('settings.open')} lead={t('settings.openLead')} />
      <fieldset className="picks">
        <legend className="label">{t('settings.channel')}</legend>
        {offeredChannels.map((one) => (
          <label key={one} className="pick-one">
            <input type="radio" name="channel" value={one} checked={channel === one} onChange={() => setChannel(one)} />
            <ChannelGlyph channel={one} tile />
            <span className="grow">
              <b>{t(`channel.${one}`)}</b>
              <small>{t(`offer.${one}`)}</small>
            </span>
            <Icon name="check" size="acc" />
          </label>
        ))}
      </fieldset>
      <section className="block">
        <TextField
          label={t('settings.name')}
          hint={t('settings.nameHint')}
          error={errors.name ? errors.name.message || t('settings.nameMissing') : undefined}
          {...form.register('name', { required: true, maxLength: 120 })}
        />
        {fieldsOf[channel].map((field) => {
          const name = `settings.${field.name}` as const;
          const fault = errors.settings?.[field.name];
          const common = {
            label: t(`setting.${field.name}` as MessageId),
            hint: field.hint ? t(field.hint) : undefined,
            error: fault ? fault.message || t(fault.type === 'pattern' && field.bad ? field.bad : 'settings.missing') : undefined,
            ...form.register(name, { required: field.isRequired, ...(field.pattern ? { pattern: field.pattern } : {}) }),
          };
          return field.isLong ? (
            <AreaField key={name} {...common} />
          ) : (
            <TextField key={name} {...common} type={field.isSecret ? 'password' : 'text'} autoComplete="off" spellCheck={false} />
          );
        })}
        {channel === 'whatsapp' ? (
          <CopyField label={t('settings.verifyToken')} value={verifyToken} hint={t('settings.verifyTokenHint')} />
        ) : null}
        {refusal ? (
          <div className="banner danger" role="alert">
            <Icon name="warn" />
            <span>{refusal}</span>
          </div>
        ) : null}
        <div className="row">
          <Button type="submit" look="solid" className="end" busy={isSubmitting}>
            {t('settings.create')}
          </Button>
        </div>
      </section>
    </form>
  );
}
