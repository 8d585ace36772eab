type Child = Node | string | null | undefined | false;

/** An element with attributes and children. Text is always text: nothing of a message is ever parsed. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'boolean') made.toggleAttribute(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return made;
}

const paths = {
  chat: 'M3 4.5A1.5 1.5 0 0 1 4.500 3h7A1.500 1.500 0 0 1 13 4.500v5a1.500 1.500 0 0 1-1.500 1.500H7.500L4.500 13.500V11A1.500 1.500 0 0 1 3 9.500Z',
  close: 'm4 4 8 8M12 4l-8 8',
  down: 'm4.500 6.500 3.500 3.500 3.500-3.500',
  send: 'M13.500 2.500 7.200 8.800M13.500 2.500 9.500 13.500 7.200 8.800 2.500 6.500Z',
  tick: 'm3 8.500 3.200 3.200L13 4.800',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 4.800V8l2.200 1.500',
};

/** One of the widget's own line icons. */
export function icon(name: keyof typeof paths, size: number): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const shape = {
    viewBox: '0 0 16 16',
    width: String(size),
    height: String(size),
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.5',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  };
  for (const [key, value] of Object.entries(shape)) svg.setAttribute(key, value);
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
