import { getEventListeners } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { onAbort } from '../../src/tcp/on-abort.js';

let controller: AbortController;
let called: string[];
beforeEach(() => {
  controller = new AbortController();
  called = [];
});

function wait(name: string): () => void {
  return onAbort(controller.signal, () => called.push(name));
}

function listeners(): number {
  return getEventListeners(controller.signal, 'abort').length;
}

it('calls all back, in order and once, with one listener on the signal', () => {
  wait('one');
  wait('two');
  expect(listeners()).toBe(1);
  controller.abort();
  expect(called).toEqual(['one', 'two']);
  expect(listeners()).toBe(0);
});

it('calls no more what was ended, and leaves no listener when all was', () => {
  const endOne = wait('one');
  const endTwo = wait('two');
  endOne();
  expect(listeners()).toBe(1);
  controller.abort();
  expect(called).toEqual(['two']);
  endTwo();

  controller = new AbortController();
  const ends = [wait('three'), wait('four')];
  for (const end of ends) end();
  expect(listeners()).toBe(0);
  controller.abort();
  expect(called).toEqual(['two']);
});

it('waits twice with one function', () => {
  const callback = () => called.push('one');
  const end = onAbort(controller.signal, callback);
  onAbort(controller.signal, callback);
  end();
  controller.abort();
  expect(called).toEqual(['one']);
});

it('can be ended twice, without a say in what waits by then', () => {
  const end = wait('one');
  end();
  wait('two');
  end();
  wait('three');
  expect(listeners()).toBe(1);
  controller.abort();
  expect(called).toEqual(['two', 'three']);
});
