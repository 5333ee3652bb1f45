export { storeBesideRedis } from './beside-store.js';
export type { RedisPlace } from './place.js';
export { fillRedis, openRedisStore, type RedisStore } from './redis-store.js';
