import type { VerifyOutput } from '@sallyport/sdk'
import { Link } from '@tanstack/react-router'
import { Absent } from '../../../parts/absent.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Id } from '../../../parts/id.tsx'
import { State } from '../../../parts/state.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import type { Credential } from '../spec/trigger-facts.ts'
import { traceOf } from './trace.ts'
import classes from './try-panel.module.css'

interface DecisionProps {
  readonly said: VerifyOutput
  /** The credentials that the gateway checks: those that are required, and those that were sent. */
  readonly checked: Readonly<Record<Credential, boolean>>
}

/** What a gateway would decide, check by check, and what to do about a refusal. */
export function Decision({ said, checked }: DecisionProps) {
  const { organization } = usePlace()
  const { valid, code, missing = [], key, roles } = said
  const words = t.pipeline.try
  const remedy = words.remedies[code as keyof typeof words.remedies]
  return (
    <div role="status">
      <div className={classes.verdict}>
        {valid ? (
          <State tone="ok">{words.allowed}</State>
        ) : (
          <>
            <State tone="bad">{words.refused}</State> <code>{code}</code>
          </>
        )}
      </div>
      {!valid && remedy !== undefined && <p>{remedy}</p>}
      {missing.length > 0 && <p>{words.missing(missing)}</p>}
      <ol className={classes.trace} aria-label={words.trace}>
        {traceOf(code, checked).map(({ check, outcome }) => (
          <li key={check}>
            <span>{words.checks[check]}</span>
            {outcome === 'refused' ? (
              <State tone="bad">{words.outcomes[outcome]}</State>
            ) : outcome === 'passed' ? (
              <State tone="idle">{words.outcomes[outcome]}</State>
            ) : (
              <Absent>{words.outcomes[outcome]}</Absent>
            )}
          </li>
        ))}
      </ol>
      {key !== undefined && (
        <div className={classes.facts}>
          <Facts>
            <Fact name={words.key}>
              <Link to="/organizations/$organization/keys" params={{ organization }} search={{ key: key.id }}>
                <Id>{key.id}</Id>
              </Link>
            </Fact>
            {roles !== undefined && roles.length > 0 && <Fact name={words.roles}>{roles.join(', ')}</Fact>}
          </Facts>
        </div>
      )}
    </div>
  )
}
