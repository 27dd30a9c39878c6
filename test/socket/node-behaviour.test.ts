import { expect, it } from 'vitest';
import { nodeBehaviour } from '../../src/socket/node-behaviour.js';

it.each([
  ['20.19.0', 'ignored', 'cut', 'padded'],
  ['20.20.2', 'ignored', 'cut', 'padded'],
  ['22.0.0', 'ignored', 'cut', 'exact'],
  ['22.11.9', 'ignored', 'cut', 'exact'],
  ['22.12.0', 'honoured', 'cut', 'exact'],
  ['24.0.0', 'honoured', 'refused', 'exact'],
  ['26.10.0', 'honoured', 'refused', 'exact'],
  ['v22.12.0', 'honoured', 'cut', 'exact'],
  ['18.20.8', 'unknown', 'unknown', 'unknown'],
  ['21.7.3', 'unknown', 'unknown', 'unknown'],
  ['23.1.0', 'unknown', 'unknown', 'unknown'],
  ['220.12.0', 'unknown', 'unknown', 'unknown'],
  ['constructor.1.0', 'unknown', 'unknown', 'unknown'],
  ['x22.12.0', 'unknown', 'unknown', 'unknown'],
  ['22', 'unknown', 'unknown', 'unknown'],
  ['', 'unknown', 'unknown', 'unknown'],
])('Node %j: reusePort is %s, a long path %s, an abstract name %s', (version, reusePort, longPath, abstractName) => {
  expect(nodeBehaviour(version)).toEqual({ reusePort, longPath, abstractName });
});
