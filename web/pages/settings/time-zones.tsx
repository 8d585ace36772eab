/** Every time zone that the browser knows, and the one that is set whether it knows it or not. */
export function TimeZoneOptions({ current }: { current: string }) {
  const known = Intl.supportedValuesOf('timeZone');
  const zones = known.includes(current) ? known : [current, ...known];
  return zones.map((zone) => (
    <option key={zone} value={zone}>
      {zone.replaceAll('_', ' ')}
    </option>
  ));
}
