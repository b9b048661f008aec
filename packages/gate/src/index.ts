export { connectGate, type Gate, type GateStatus } from './connect-gate.ts'
export type {
  GateAllowed,
  GateDecision,
  GateHeaders,
  GateProblem,
  GateRefused,
  Principal,
} from './decision.ts'
export { GateError, type GateLogger, type GateOptions } from './gate-options.ts'
export type { DecideOptions, DescribedRequest, FetchRequest, GateRequest, NodeRequest } from './request.ts'
