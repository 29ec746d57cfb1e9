import { get } from 'node:http';
import { EnvironmentVariable } from '../aws/environment';
import { defaultHealthPort } from './config';

/** The container's health check, because the image has no curl. Exits with 0 when the worker is polling. */
const port = process.env[EnvironmentVariable.healthPort] ?? defaultHealthPort;
get({ host: '127.0.0.1', port, path: '/ready', timeout: 4_000 }, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
