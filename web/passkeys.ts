/** Whether this page may ask for passkeys: browsers bind them to a name, and refuse an IP address. */
export function mayHavePasskeys(): boolean {
  const { hostname } = window.location;
  return 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(hostname);
}
