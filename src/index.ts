export * from './dns/index.js';
export * from './ip/index.js';
export * from './socket/index.js';
export * from './tcp/index.js';
