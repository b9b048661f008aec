import type { Organization } from '@sallyport/sdk'
import layout from '../../../parts/layers/form.module.css'
import { OrganizationMark } from '../../../parts/organization-mark/organization-mark.tsx'
import { t } from '../../../texts/texts.ts'
import classes from './color-choice.module.css'

type Color = Organization['color']

const { colors, noColor, color: legend } = t.organization.identity
const COLORS: readonly Color[] = [null, ...(Object.keys(colors) as NonNullable<Color>[])]

interface ColorChoiceProps {
  /** Of the organization, whose initial each colour shows. */
  readonly name: string
  readonly value: Color
  readonly onChange: (color: Color) => void
}

/** The colours that an organization can have, each as it looks and with its word. */
export function ColorChoice({ name, value, onChange }: ColorChoiceProps) {
  return (
    <fieldset className={layout.field}>
      <legend>{legend}</legend>
      <div className={classes.colors}>
        {COLORS.map((color) => (
          <label key={color ?? 'none'} className={classes.color}>
            <input
              type="radio"
              name="color"
              className={classes.box}
              checked={color === value}
              onChange={() => onChange(color)}
            />
            <OrganizationMark name={name} color={color} />
            {color === null ? noColor : colors[color]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
