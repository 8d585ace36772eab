import { WebSocket } from 'ws';

export interface FanoutOrder {
  kind: 'desk' | 'bare';
  url: string;
  token: string;
  conversationId: string;
  sockets: number;
}

export interface FanoutReply {
  ready: boolean;
  arrived: number;
  payloadBytes: number;
}

/**
 * Many listeners in one process. Both kinds are bare WebSockets, so that the client costs the same on both sides;
 * towards the desk they speak the few words of Socket.IO's protocol that joining needs.
 */
process.on('message', (order: FanoutOrder) => void listen(order));

async function listen(order: FanoutOrder): Promise<void> {
  let arrived = 0;
  let payloadBytes = 0;
  const count = (bytes: number) => {
    arrived += 1;
    payloadBytes = bytes;
  };
  for (let n = 0; n < order.sockets; n += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, order.sockets - n) }, () =>
        order.kind === 'desk' ? joinDesk(order, count) : joinBare(order, count),
      ),
    );
  }
  process.send?.({ ready: true, arrived: 0, payloadBytes: 0 } satisfies FanoutReply);
  setInterval(() => {
    if (arrived > 0) process.send?.({ ready: false, arrived, payloadBytes } satisfies FanoutReply);
    arrived = 0;
  }, 5);
}

function joinBare(order: FanoutOrder, count: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(order.url, { perMessageDeflate: false });
    socket.on('open', () => resolve());
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => count(data.length));
  });
}

function joinDesk(order: FanoutOrder, count: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const url = `${order.url.replace(/^http/, 'ws').replace(/\/ws$/, '')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8', 0, 64);
      if (text.startsWith('42/ws,["message:new"')) count(data.length);
      else if (text.startsWith('0')) socket.send(`40/ws,${JSON.stringify({ token: order.token })}`);
      else if (text === '2') socket.send('3');
      else if (text.startsWith('42/ws,["authenticated"'))
        socket.send(`42/ws,1${JSON.stringify(['join_conversation', { conversationId: order.conversationId }])}`);
      else if (text.startsWith('43/ws,1')) resolve();
      else if (text.startsWith('44/ws')) reject(new Error(`refused: ${data.toString()}`));
    });
  });
}
