export * from './create-grpc-server.js';
export * from './grpc-client.js';
export * from './grpc-errors.js';
export * from './grpc-service.js';
export * from './one-port.js';
export * from './own-certificate.js';
export * from './read-pem.js';
export * from './server-certificate.js';
