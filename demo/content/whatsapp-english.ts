import type { Scene } from './types.ts';

export const whatsappEnglish: Scene[] = [
  {
    inbox: 'whatsapp',
    contact: { name: 'Priya Raman', phone: '+447700900112' },
    ended: '9m',
    isUnread: true,
    script: `
+0m < Hi! Do you ship the Alba pendant to the UK, and does it come with a UK plug?
+1m < Also is the ceiling rose included?`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Oliver Hartley-Pemberton', phone: '+447700900126', company: 'The Anchor Rooms' },
    ended: '1h',
    assignee: 'tom',
    isUnread: true,
    script: `
+0m < Morning Tom, the eight wall lights arrived, all in good shape.
+5m tom> Morning Oliver, glad to hear it. Did the electrician see the note about the neutral in the junction box?
+16m < He did. One question from him: can they run on a dimmer from another brand?
+9m tom> Any trailing-edge dimmer up to 150 W works. Leading-edge ones will hum, so avoid those.
+11m < Thanks. We have a trailing-edge one, so we are fine
+48m < He just tried it and two of the eight flicker below 20 per cent. Is that normal?`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Sam', phone: '+447700900131' },
    ended: '6h',
    assignee: 'tom',
    script: `
+0m < Hello, is order 4463 on its way? No tracking yet
+13m tom> Hello Sam, it left this morning. The carrier scans it tonight, so tracking shows from tomorrow.
+2m < great, thank you`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Grace Okafor', phone: '+447700900145', email: 'grace.okafor@example.org' },
    ended: '9h',
    script: `
+0m < Hello, I would like to return a table lamp. It is lovely but too tall for the shelf. How does it work?`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Ben Whitlock', phone: '+447700900158' },
    ended: '3d',
    assignee: 'tom',
    status: 'closed',
    script: `
+0m < Do you repair old Anglepoise-style lamps?
+1h tom> We do: springs, wiring and switches. Send us a picture of the joint and I can tell you if the part exists.
+20m < It's the lower spring. Will drop it by next week
+4m tom> Perfect. No appointment needed, we are open until six.`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Charlotte Ashdown', phone: '+447700900163' },
    ended: '33h',
    assignee: 'tom',
    script: `
+0m < Hi, the lamp hums when it is fully on. Is that dangerous?
+18m tom> Hi Charlotte, not dangerous, it is the transformer vibrating. Could you tell me what is written on the label under the base?
+25m < It says LU-24 and 2023
+6m tom> That series had a batch with a loose core. We replace it for free, five minutes' work with a screwdriver, or we do it for you.
+1h < I'd rather you did it. What do I do?
+8m tom# Send the prepaid label. Batch 2023-24 again: four so far this quarter.
+3m tom> I am sending you a prepaid label by e-mail. Drop it at any post office, you get it back within a week.`,
  },
];
