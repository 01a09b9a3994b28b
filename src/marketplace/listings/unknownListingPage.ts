/** For a buyer who followed a link to a listing that isn't there. */
export const unknownListingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>This listing is not here</title>
<style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem }</style>
<h1>This listing is not here</h1>
<p>The link may be old or misspelt. Please go back and look for the product in the marketplace.</p>
`;
