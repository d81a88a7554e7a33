// Loads the engine: the same code as the server's, as WebAssembly.

import init, { Player, deflate } from './lyceum_player.js';

/** Begins to load; resolves when calls can be answered. */
export async function loadEngine() {
  await init({ module_or_path: new URL('./lyceum_player_bg.wasm', import.meta.url) });
  return { Player, deflate };
}
