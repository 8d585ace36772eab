import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import '../../styles/auth.css';
import type { Me, SignedIn } from '../../../contract/auth.ts';
import { call } from '../../api.ts';
import { explainProblem } from '../../forms/explain.ts';
import { explainFault } from '../../forms/fault-words.ts';
import { useT } from '../../i18n/use-t.ts';
import type { MessageId } from '../../i18n/index.ts';
import { paths } from '../../paths.ts';
import { Problem } from '../../problem.ts';
import { queryClient } from '../../queries.ts';
import { setMe, setToken } from '../../session.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useTitle } from '../../use-title.ts';
import { Brand, LanguageMenu } from '../sign-in/auth-page.tsx';

interface DeskForm {
  code: string;
  name: string;
  memberName: string;
  email: string;
  password: string;
}

const steps: { title: MessageId; lead: MessageId; fields: (keyof DeskForm)[] }[] = [
  { title: 'setup.desk', lead: 'setup.deskLead', fields: ['code', 'name'] },
  { title: 'setup.you', lead: 'setup.youLead', fields: ['memberName', 'email', 'password'] },
];

/** A desk of one's own: the code from the console proves who runs the server. */
export default function SetupPage() {
  const t = useT();
  const navigate = useNavigate();
  const [at, setAt] = useState(0);
  useTitle(t('setup.create'));
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<DeskForm>({ defaultValues: { code: '', name: '', memberName: '', email: '', password: '' } });
  const { errors, isSubmitting } = form.formState;
  const step = steps[at] ?? steps[0];
  if (!step) return null;

  const create = async (given: DeskForm) => {
    setRefusal(null);
    try {
      const signedIn = await call<SignedIn>(paths.setupAccount, {
        method: 'POST',
        body: { ...given, code: given.code.trim() },
        open: true,
      });
      queryClient.clear();
      setToken(signedIn.accessToken);
      setMe(await call<Me>(paths.me));
      await navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'inboxes', item: 'new' } });
    } catch (error) {
      if (!(error instanceof Problem)) return setRefusal(t('error.server'));
      const wrong = error.errors.filter((one) => one.path in given);
      for (const one of wrong) form.setError(one.path as keyof DeskForm, { message: explainFault(one.message, t) });
      if (
        error.code === 'forbidden' ||
        error.code === 'not_found' ||
        error.code === 'unauthenticated' ||
        error.code === 'invalid_credentials'
      )
        form.setError('code', { message: t('setup.codeWrong') });
      else if (!wrong.length) setRefusal(explainProblem(error, t));
      if (form.getFieldState('code').error || form.getFieldState('name').error) setAt(0);
    }
  };
  const forward = async () => {
    if (await form.trigger(step.fields)) setAt(at + 1);
  };
  const isLast = at === steps.length - 1;
  return (
    <div className="auth setup scroll">
      <aside className="side2">
        <div className="row">
          <Brand />
          <span className="end">
            <LanguageMenu />
          </span>
        </div>
        <ol>
          {steps.map((one, index) => (
            <li
              key={one.title}
              className={index < at ? 'done' : index === at ? 'cur' : ''}
              aria-current={index === at ? 'step' : undefined}
            >
              <span>{index < at ? <Icon name="check" size="s" /> : index + 1}</span>
              {t(one.title)}
            </li>
          ))}
          <li>
            <span>3</span>
            {t('setup.first')}
          </li>
        </ol>
      </aside>
      <main className="pane">
        <form
          className="mid"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void (isLast ? form.handleSubmit(create)() : forward());
          }}
        >
          <div>
            <p className="caps" style={{ marginBottom: 6 }}>
              {t('setup.step', { at: at + 1, of: steps.length + 1 })}
            </p>
            <h1 style={{ margin: 0 }}>{t(step.title)}</h1>
            <p className="soft lead" style={{ marginTop: 4 }}>
              {t(step.lead)}
            </p>
          </div>
          {at === 0 ? (
            <>
              <TextField
                key="code"
                label={t('setup.code')}
                hint={t('setup.codeHint')}
                autoComplete="off"
                spellCheck={false}
                error={errors.code ? errors.code.message || t('setup.codeMissing') : undefined}
                {...form.register('code', { required: true })}
              />
              <TextField
                key="name"
                label={t('setup.name')}
                autoComplete="organization"
                error={errors.name ? errors.name.message || t('setup.nameMissing') : undefined}
                {...form.register('name', { required: true, maxLength: 120 })}
              />
            </>
          ) : (
            <>
              <TextField
                key="memberName"
                label={t('setup.memberName')}
                autoComplete="name"
                error={errors.memberName ? errors.memberName.message || t('setup.memberNameMissing') : undefined}
                {...form.register('memberName', { required: true, maxLength: 120 })}
              />
              <TextField
                key="email"
                label={t('signIn.email')}
                type="email"
                autoComplete="username"
                hint={t('setup.emailHint')}
                error={errors.email ? errors.email.message || t('signIn.emailMissing') : undefined}
                {...form.register('email', { required: true, pattern: /^[^@\s]+@[^@\s]+$/ })}
              />
              <PasswordField
                key="password"
                label={t('signIn.password')}
                autoComplete="new-password"
                hint={t('setup.passwordHint')}
                error={errors.password ? errors.password.message || t('setup.passwordHint') : undefined}
                {...form.register('password', { required: true, minLength: 10 })}
              />
            </>
          )}
          {refusal ? (
            <div className="banner danger" role="alert">
              <Icon name="warn" />
              <span>{refusal}</span>
            </div>
          ) : null}
          <div className="row" style={{ marginTop: 4 }}>
            {at > 0 ? (
              <Button size="l" look="quiet" onClick={() => setAt(at - 1)}>
                {t('setup.back')}
              </Button>
            ) : (
              <Link className="btn quiet l" to="/sign-in" search={{}}>
                {t('setup.back')}
              </Link>
            )}
            <Button type="submit" size="l" look="solid" className="end" busy={isSubmitting}>
              {t(isLast ? 'setup.create' : 'setup.continue')}
              <Icon name="right" size="s" />
            </Button>
          </div>
        </form>
      </main>
    </div>
  );
}
