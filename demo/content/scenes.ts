import { chats } from './chats.ts';
import { forms } from './forms.ts';
import { longScenes } from './long.ts';
import { restaurant } from './restaurant.ts';
import type { Scene } from './types.ts';
import { whatsappEnglish } from './whatsapp-english.ts';
import { whatsappFrench } from './whatsapp-french.ts';

/** The sample week. */
export const scenes: Scene[] = [...whatsappFrench, ...whatsappEnglish, ...forms, ...chats, ...longScenes, restaurant];
