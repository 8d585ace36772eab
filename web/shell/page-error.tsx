import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { useT } from '../i18n/use-t.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorPane } from '../ui/error-pane.tsx';

/** A page that could not be made. */
export function PageError({ error }: ErrorComponentProps) {
  const t = useT();
  const router = useRouter();
  return <ErrorPane title={t('error.page')} error={error} onRetry={() => void router.invalidate()} />;
}

/** An address that leads nowhere. */
export function NotFound() {
  const t = useT();
  return (
    <Empty
      title={t('notFound.title')}
      text={t('notFound.text')}
      action={
        <Link className="btn" to="/">
          {t('notFound.action')}
        </Link>
      }
    />
  );
}
