import { describe, expect, it } from '@jest/globals';
import { createLogger, type Logger } from '../../src/runtime/logger.ts';
import { SafeError } from '../../src/runtime/safe-error.ts';

/** Stands for anything a caller said; must never be logged. */
const PLANTED = '+15550001234';

function recordingLogger(level: 'debug' | 'warn' = 'debug'): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const logger = createLogger({ level, process: 'test', destination: { write: (line) => void lines.push(line) } });
  return { logger, lines };
}

class WithDetail extends Error {
  readonly detail = `Key (phone)=(${PLANTED}) already exists`;
  readonly code = '23505';
}

describe('the log', () => {
  it('is one JSON document per line with event, process and fields', () => {
    const { logger, lines } = recordingLogger();
    logger.info('event_accepted', { connectionId: 'acme-hubspot', count: 2 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      process: 'test',
      event: 'event_accepted',
      connectionId: 'acme-hubspot',
      count: 2,
    });
  });

  it.each([
    ['the message', new Error(`no answer for ${PLANTED}`)],
    ['a message of several lines', new Error(`no answer\n    at ${PLANTED}\nfor ${PLANTED}`)],
    ['a message that looks like a stack', new Error(`x\n    at ${PLANTED} (file:///${PLANTED}:1:1)`)],
    ['a cause', new Error('failed', { cause: new Error(PLANTED) })],
    ['the cause of a safe error', new SafeError('x', 'ours', { cause: new Error(PLANTED) })],
    ['own properties', new WithDetail(`duplicate ${PLANTED}`)],
    ['an aggregate', new AggregateError([new Error(PLANTED)], PLANTED)],
    ['the name', Object.assign(new Error('x'), { name: `Error of ${PLANTED}` })],
    ['the code', Object.assign(new Error('x'), { code: `no ${PLANTED}` })],
    ['a message changed later', Object.assign(new Error(`a ${PLANTED}\nb`), { message: 'x' })],
    ['a thrown string', PLANTED],
    ['a thrown object', { phone: PLANTED }],
  ])('an error does not carry a phone number into the log through %s', (_where, error) => {
    const { logger, lines } = recordingLogger();
    logger.error('delivery_failed', { connectionId: 'acme-hubspot' }, error);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('delivery_failed');
    expect(lines[0]).not.toContain('5550001234');
  });

  it('an error keeps its name, its code and where it came from', () => {
    const { logger, lines } = recordingLogger();
    logger.error('delivery_failed', {}, new WithDetail('secret'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      error: {
        name: 'Error',
        code: '23505',
        stack: expect.arrayContaining([expect.stringMatching(/^at .*logger\.test\.ts:\d+:\d+\)?$/)]),
      },
    });
  });

  it('an error of our own words keeps its message', () => {
    const { logger, lines } = recordingLogger();
    logger.warn('start_failed', {}, new SafeError('port_unavailable', 'Port 8080 is in use.'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      error: { name: 'SafeError', code: 'port_unavailable', message: 'Port 8080 is in use.' },
    });
  });

  it('a level below the one asked for writes nothing', () => {
    const { logger, lines } = recordingLogger('warn');
    logger.info('started');
    logger.debug('details');
    expect(lines).toEqual([]);
  });
});
