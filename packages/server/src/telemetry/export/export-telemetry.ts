import type { TelemetryExport, TelemetryExportDeps } from './telemetry-export.ts'

const NO_EXPORT: TelemetryExport = {
  spans: null,
  close: async () => await Promise.resolve(),
  [Symbol.asyncDispose]: async () => await Promise.resolve(),
}

/** Starts what the settings ask for. Without a collector, the libraries of OpenTelemetry are not loaded. */
export async function exportTelemetry(deps: TelemetryExportDeps): Promise<TelemetryExport> {
  const { traces, metrics } = deps.config
  if (traces === null && metrics === null) return NO_EXPORT
  const { startExport } = await import('./start-export.ts')
  return startExport(deps)
}
