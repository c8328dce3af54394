// What a screen reader is told: the number line, the chart and the table, as the browser's accessibility tree has them.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

// Dates are part of what is said.
test.use({ sandboxFlags: ['--today', '2026-01-15'] });

const open = async (page, platform, person, code, name) => {
  await connectAs(page, platform, person, { path: `/biomarkers/${code}` });
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
};

test('a number line is one picture that says value, status, range and where doctors act', async ({ page, platform }) => {
  await open(page, platform, 'Maya Lindqvist', 'ldl_cholesterol', 'LDL cholesterol');
  await expect(page.getByRole('article')).toMatchAriaSnapshot(`
    - heading "LDL cholesterol" [level=1]
    - paragraph: 128 mg/dL
    - paragraph: Above range December 26, 2025
    - group "Unit":
      - radio "mg/dL" [checked]
      - radio "mmol/L"
      - status: As the lab printed it.
    - 'img "LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL. Many doctors act from 190 mg/dL up."'
    - paragraph: "Range: below 100 mg/dL, as printed with this result on December 26, 2025."
  `);
});

test('a row of the list says name, value, the number line and the change', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.getByRole('region', { name: 'Outside their range' })).toMatchAriaSnapshot(`
    - heading "Outside their range" [level=2]
    - text: 3 of 62
    - list:
      - listitem:
        - link "Ferritin"
        - text: Iron stored in the body 8 ng/mL
        - 'img "Ferritin: 8 ng/mL, critical; range 15 to 150 ng/mL"'
        - text: Critical down 47% since Sep 2025
      - listitem:
        - link "LDL cholesterol"
        - text: Carries cholesterol to the arteries 128 mg/dL
        - 'img "LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL"'
        - text: Above range down 8% since Sep 2025
      - listitem:
        - link "Vitamin D"
        - text: 25-hydroxy, from sun and food 24 ng/mL
        - 'img "Vitamin D: 24 ng/mL, below range; range 30 to 100 ng/mL"'
        - text: Below range down 17% since Sep 2025
  `);
});

test('the chart is a figure with its takeaway, its points in a row, and a word for each that the keyboard reaches', async ({ page, platform }) => {
  await open(page, platform, 'Maya Lindqvist', 'ldl_cholesterol', 'LDL cholesterol');
  const figure = page.getByRole('figure');
  await expect(figure).toMatchAriaSnapshot(`
    - figure "Down 20% since Jan 2024, and still above its range.":
      - text: Down 20% since Jan 2024, and still above its range. mg/dL over time
      - button "Show as table"
      - group "LDL cholesterol over time, 7 measurements. Arrow keys move from one to the next.":
        - img:
          - 'img "Jan 1, 2024: 160 mg/dL, above range; range below 130 mg/dL"'
          - 'img "Jun 4, 2024: 156 mg/dL, above range; range below 130 mg/dL"'
          - 'img "Oct 6, 2024: 151 mg/dL, above range; range below 130 mg/dL"'
          - 'img "Jan 6, 2025: 149 mg/dL, above range; range below 130 mg/dL"'
          - 'img "Apr 6, 2025: 139 mg/dL, above range; range below 100 mg/dL"'
          - 'img "Sep 3, 2025: 139 mg/dL, above range; range below 100 mg/dL"'
          - 'img "Dec 26, 2025: 128 mg/dL, above range; range below 100 mg/dL"'
      - status
      - list:
        - listitem: "Dashed: 103 to 175 mg/dL, within normal variation of the value before."
        - listitem: "The range printed with this result changed on April 6, 2025: from below 130 mg/dL to below 100 mg/dL."
  `);
  await figure.getByRole('group').focus();
  for (const [key, said] of [
    ['End', 'Dec 26, 2025: 128 mg/dL, above range; range below 100 mg/dL'],
    ['ArrowLeft', 'Sep 3, 2025: 139 mg/dL, above range; range below 100 mg/dL'],
    ['Home', 'Jan 1, 2024: 160 mg/dL, above range; range below 130 mg/dL'],
  ]) {
    await page.keyboard.press(key);
    await expect(figure.getByRole('status'), key).toHaveText(said);
  }
});

test('the table has a caption, heads of columns and of rows, and no cell without a word', async ({ page, platform }) => {
  await open(page, platform, 'Jonas Okafor', 'lipoprotein_a', /Lipoprotein/);
  await expect(page.getByRole('table')).toMatchAriaSnapshot(`
    - table "All measurements of Lipoprotein(a)":
      - caption: All measurements of Lipoprotein(a)
      - rowgroup:
        - row "Date Value Range at the time Status":
          - columnheader "Date"
          - columnheader "Value"
          - columnheader "Range at the time"
          - columnheader "Status"
      - rowgroup:
        - row:
          - rowheader
          - cell
          - cell
          - cell
  `);
});
