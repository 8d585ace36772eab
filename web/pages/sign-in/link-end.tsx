import { Link } from '@tanstack/react-router';
import type { MessageId } from '../../i18n/index.ts';
import { useT } from '../../i18n/use-t.ts';
import { Icon } from '../../ui/icon.tsx';

/** A link that opens nothing: used, expired, replaced, or cut short. */
export function LinkOver({ isIncomplete = false, title, text }: { isIncomplete?: boolean; title?: MessageId; text?: MessageId }) {
  const t = useT();
  return (
    <div className="mid" role="alert">
      <Sign name="hour" />
      <h1>{t(title ?? (isIncomplete ? 'link.incomplete' : 'link.over'))}</h1>
      <p className="soft lead">{t(text ?? (isIncomplete ? 'link.incompleteText' : 'link.overText'))}</p>
      <Link className="btn l wide" to="/sign-in">
        {t('signIn.back')}
      </Link>
    </div>
  );
}

const ends = {
  reset: { title: 'reset.done', text: 'reset.doneText', verb: 'signIn.do', to: '/sign-in' },
  email: { title: 'emailLink.done', text: 'emailLink.doneText', verb: 'signIn.do', to: '/sign-in' },
  verify: { title: 'verify.done', text: 'verify.doneText', verb: 'link.continue', to: '/' },
} as const;

/** What the link was for is done; where to go from here. `isElsewhere`: nobody is signed in where it was opened. */
export function LinkDone({ what, isElsewhere = false }: { what: keyof typeof ends; isElsewhere?: boolean }) {
  const t = useT();
  const end = ends[what];
  return (
    <div className="mid" role="status">
      <Sign name="check" />
      <h1>{t(end.title)}</h1>
      <p className="soft lead">{t(end.text)}</p>
      {isElsewhere ? <p className="soft">{t('link.elsewhere')}</p> : null}
      <Link className="btn solid l wide" to={end.to}>
        {t(end.verb)}
      </Link>
    </div>
  );
}

function Sign({ name }: { name: 'check' | 'hour' }) {
  return (
    <span className={`sign ${name}`}>
      <Icon name={name} size="l" />
    </span>
  );
}
