import { IsArray, IsBoolean, IsInt, IsNotEmpty, IsOptional, IsUUID, MaxLength } from 'class-validator';
import { type Static, Type } from 'typebox';
import { aggregate, Choice, Command, Count, Field, fact, Id, MomentField, refuse, Text, view } from '#kernel';

const sent = {
  command: Text('name of the command'),
  payload: Type.Record(Type.String(), Type.Unknown(), { description: 'its fields; personal ones sealed' }),
};
const OverBy = Type.Object(
  { code: Text('code of the refusal'), ...sent },
  { description: 'a refusal by which nothing is left to do, and what is sent then in the place of all that would follow' },
);
type OverBy = Static<typeof OverBy>;
const StepIntent = Type.Object({
  ...sent,
  optional: Type.Boolean({ description: 'a refusal does not stop the process' }),
  overBy: Type.Optional(OverBy),
});

export const ProcessStarted = fact(
  'ProcessStarted',
  'A process means to send these commands, in this order.',
  {
    processId: Id('the process'),
    process: Text('its definition'),
    trigger: Id('the fact that started it'),
    steps: Type.Array(StepIntent, { description: 'what it means to send' }),
  },
  { visibility: 'internal' },
);
export const ProcessStepDone = fact(
  'ProcessStepDone',
  'A command of the process took effect.',
  { processId: Id('the process'), index: Count('number of the step, from 0'), stream: Text('the stream it changed') },
  { visibility: 'internal' },
);
export const ProcessStepRefused = fact(
  'ProcessStepRefused',
  'A command of the process was refused.',
  {
    processId: Id('the process'),
    index: Count('number of the step, from 0'),
    code: Text('code of the refusal'),
    stops: Type.Boolean({ description: 'the process ends here' }),
  },
  { visibility: 'internal' },
);
export const ProcessDone = fact(
  'ProcessDone',
  'All steps are settled.',
  { processId: Id('the process') },
  { visibility: 'internal' },
);

export const ProcessResumed = fact(
  'ProcessResumed',
  'An operator had a stopped process try its refused command again.',
  { processId: Id('the process'), process: Text('its definition'), index: Count('number of the step, from 0') },
  { visibility: 'internal' },
);

export const ProcessEnded = fact(
  'ProcessEnded',
  'A process is over: what it did not do is done otherwise, or not at all. An operator gave it up, or a refusal left nothing to do.',
  {
    processId: Id('the process'),
    process: Text('its definition'),
    reason: Text('why, without personal data; of one that ended by itself the code of the refusal', 200),
  },
  { visibility: 'internal' },
);

@Command({ summary: 'Record what a process means to do.', creates: true })
export class StartProcess {
  @Field('the process') @IsUUID() readonly processId!: string;
  @Field('its definition') @IsNotEmpty() readonly process!: string;
  @Field('the fact that started it') @IsUUID() readonly trigger!: string;
  @Field('what it means to send') @IsArray() readonly steps!: {
    command: string;
    payload: Record<string, unknown>;
    optional: boolean;
    overBy?: OverBy;
  }[];
}

@Command({ summary: 'Record how a step of a process ended.' })
export class SettleStep {
  @Field('the process') @IsUUID() readonly processId!: string;
  @Field('number of the step, from 0') @IsInt() readonly index!: number;
  @Field('the stream it changed') @IsOptional() @IsNotEmpty() readonly stream?: string;
  @Field('code of the refusal') @IsOptional() @IsNotEmpty() readonly refused?: string;
  @Field('the process ends here') @IsBoolean() readonly stops!: boolean;
  @Field('there is nothing left to do') @IsOptional() @IsBoolean() readonly over?: boolean;
}

@Command({
  route: 'POST /processes/:processId/resume',
  roles: ['operator'],
  summary: 'Have a stopped process try its refused command again, after the cause was put right.',
  capabilities: ['SAL-04', 'ORD-06'],
})
export class ResumeProcess {
  @Field('the process') @IsUUID() readonly processId!: string;
}

@Command({
  route: 'POST /processes/:processId/end',
  roles: ['operator'],
  summary: 'Give up a stopped process whose refused command can never take effect; what it already did stays',
  capabilities: ['SAL-04', 'ORD-06'],
})
export class EndProcess {
  @Field('the process') @IsUUID() readonly processId!: string;
  @Field('why, without personal data', { example: 'the order was placed by hand' })
  @IsNotEmpty()
  @MaxLength(200)
  readonly reason!: string;
}

/** What a step that is settled would send is forgotten: the facts of its command tell. */
type Outcome =
  | Pending
  | { readonly outcome: 'DONE'; readonly stream: string }
  | { readonly outcome: 'REFUSED'; readonly code: string };

interface Pending {
  readonly outcome: 'PENDING';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly optional: boolean;
  readonly overBy?: OverBy | undefined;
  /** How often it was refused and resumed. */
  readonly attempt: number;
}

export interface ProcessInstance {
  readonly status: 'NONE' | 'RUNNING' | 'DONE' | 'STOPPED' | 'ENDED';
  readonly process: string;
  readonly trigger: string;
  readonly steps: readonly ({ readonly command: string } & Outcome)[];
  /** The step whose refusal stopped it, as it was before: resumed, it is sent again. */
  readonly stoppedAt?: { readonly index: number; readonly step: Pending };
}

export const processInstance = aggregate<ProcessInstance>()({
  name: 'process',
  description: 'One run of a process: what it means to send and how far it is.',
  id: 'processId',
  stateVersion: 4,
  commands: { StartProcess, SettleStep, ResumeProcess, EndProcess },
  facts: { ProcessStarted, ProcessStepDone, ProcessStepRefused, ProcessResumed, ProcessEnded, ProcessDone },
  initial: { status: 'NONE', process: '', trigger: '', steps: [] },

  decide: {
    StartProcess: (command, { status }) => (status === 'NONE' ? ProcessStarted({ ...command }) : []),
    SettleStep: ({ processId, index, stream, refused, stops, over }, { status, process, steps }) => {
      if (status !== 'RUNNING' || steps[index]?.outcome !== 'PENDING') return [];
      const settled =
        refused === undefined
          ? ProcessStepDone({ processId, index, stream: stream ?? '' })
          : ProcessStepRefused({ processId, index, code: refused, stops });
      if (over) return [settled, ProcessEnded({ processId, process, reason: refused ?? '' })];
      return index === steps.length - 1 && !stops ? [settled, ProcessDone({ processId })] : [settled];
    },
    ResumeProcess: ({ processId }, { status, process, stoppedAt }) => {
      if (status === 'NONE') refuse('process-unknown', 'There is no such process; the view processes lists those that are.');
      if (status === 'DONE')
        refuse('process-done', 'All steps of this process are settled; there is nothing to resume or to end.');
      if (status === 'ENDED') refuse('process-ended', 'This process is over; what it did not do is for a person to do.');
      return stoppedAt ? ProcessResumed({ processId, process, index: stoppedAt.index }) : [];
    },
    EndProcess: ({ processId, reason }, { status, process }) => {
      if (status === 'NONE') refuse('process-unknown', 'There is no such process; the view processes lists those that are.');
      if (status === 'DONE')
        refuse('process-done', 'All steps of this process are settled; there is nothing to resume or to end.');
      if (status === 'RUNNING') refuse('process-running', 'This process goes on by itself; only one that stopped can be ended.');
      return status === 'ENDED' ? [] : ProcessEnded({ processId, process, reason });
    },
  },

  evolve: {
    ProcessStarted: (_, { process, trigger, steps }) => ({
      status: 'RUNNING',
      process,
      trigger,
      steps: steps.map((step) => ({ ...step, outcome: 'PENDING' as const, attempt: 0 })),
    }),
    ProcessStepDone: (run, { index, stream }) => ({ ...run, steps: settle(run.steps, index, { outcome: 'DONE', stream }) }),
    ProcessStepRefused: (run, { index, code, stops }) => ({
      ...run,
      ...(stops ? { status: 'STOPPED' as const, stoppedAt: stopAt(run.steps, index) } : {}),
      steps: settle(run.steps, index, { outcome: 'REFUSED', code }),
    }),
    ProcessResumed: ({ stoppedAt, ...run }, { index }) => ({
      ...run,
      status: 'RUNNING',
      steps: stoppedAt ? settle(run.steps, index, { ...stoppedAt.step, attempt: stoppedAt.step.attempt + 1 }) : run.steps,
    }),
    ProcessEnded: ({ stoppedAt: _, ...run }) => ({ ...run, status: 'ENDED' }),
    ProcessDone: (run) => ({ ...run, status: 'DONE' }),
  },
});

function stopAt(steps: ProcessInstance['steps'], index: number): ProcessInstance['stoppedAt'] {
  const step = steps[index];
  if (step?.outcome !== 'PENDING') return undefined;
  const { command: _, ...pending } = step;
  return { index, step: pending };
}

const settle = (steps: ProcessInstance['steps'], index: number, outcome: Outcome) =>
  steps.map((step, i) => (i === index ? { command: step.command, ...outcome } : step));

export const processRuns = view({
  name: 'processes',
  description: 'Runs of processes: which are done, which stopped and where, which are over before their end and why.',
  version: 3,
  capabilities: ['SAL-04', 'ORD-06'],
  roles: ['operator', 'analyst', 'auditor'],
  document: Type.Object({
    processId: Id('the run'),
    process: Text('its definition'),
    status: Choice(
      ['RUNNING', 'DONE', 'STOPPED', 'ENDED'],
      'STOPPED: a step was refused and needs a person; ENDED: given up, or a refusal left nothing to do',
    ),
    startedAt: MomentField('when it started'),
    stoppedBy: Type.Optional(Text('code of the refusal that stopped it')),
    endedBecause: Type.Optional(Text('why it was given up; of one that ended by itself the code of the refusal', 200)),
  }),
  facts: { ProcessStarted, ProcessStepRefused, ProcessResumed, ProcessEnded, ProcessDone },
  key: ({ data }) => data.processId,
  initial: (processId) => ({ processId, process: '', status: 'RUNNING' as const, startedAt: '' }),
  apply: {
    ProcessStarted: (run, { data: { process }, occurredAt }) => ({ ...run, process, startedAt: occurredAt }),
    ProcessStepRefused: (run, { data: { code, stops } }) =>
      stops ? { ...run, status: 'STOPPED' as const, stoppedBy: code } : run,
    ProcessResumed: ({ stoppedBy: _, ...run }) => ({ ...run, status: 'RUNNING' as const }),
    ProcessEnded: (run, { data: { reason } }) => ({ ...run, status: 'ENDED' as const, endedBecause: reason }),
    ProcessDone: (run) => ({ ...run, status: 'DONE' as const }),
  },
  filters: ['process', 'status', 'startedAt'],
  sort: '-startedAt',
});
