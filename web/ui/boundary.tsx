import { Component, type ReactNode } from 'react';
import { ErrorPane } from './error-pane.tsx';

interface BoundaryProps {
  title: string;
  /** Another key starts over: a broken conversation must not break the next. */
  resetKey?: string | undefined;
  children: ReactNode;
}

/** Keeps a fault in its own pane. */
export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error) {
    // The pane says it to the person; this says it to whoever listens for faults of the page.
    window.reportError(error);
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return <ErrorPane title={this.props.title} error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
