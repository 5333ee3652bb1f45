export { fillRedis, openRedisStore, type RedisStore } from './redis-store.js';
