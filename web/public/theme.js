// Runs before the first paint, so that a chosen theme never flashes. A file of its own: the content policy forbids inline scripts.
try {
  const chosen = JSON.parse(localStorage.getItem('guichet.look') || '{}');
  const root = document.documentElement;
  if (chosen.theme === 'light' || chosen.theme === 'dark') root.dataset.theme = chosen.theme;
  if (chosen.accent && chosen.accent !== 'wagon') root.dataset.accent = chosen.accent;
} catch {
  // Storage is closed to us: the system's theme stands.
}
