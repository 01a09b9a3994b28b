<?php
/** What the plugins of the WP Consent API have heard from the visitor, passed on to the pixel. */

defined( 'ABSPATH' ) || exit;

/**
 * Prints the stub, which keeps calls until the script has loaded, and who passes the answer on.
 *
 * @param string $consent 'required', or nothing is printed.
 */
function onramp_pixel_print_consent( $consent ) {
	if ( 'required' !== $consent ) {
		return;
	}
	$script = <<<'JS'
window.onrampTrack=window.onrampTrack||function(){var a=arguments;return new Promise(function(r){(onrampTrack.q=onrampTrack.q||[]).push([a,r]);setTimeout(r,2e3,{status:'held',reason:'script not loaded'})})};
(function () {
	// Only a "yes" counts before there was an answer: a "no" would delete the purchase that waits for one.
	function ask() {
		if (window.wp_has_consent && wp_has_consent('marketing')) onrampTrack('consent', true);
	}
	document.addEventListener('DOMContentLoaded', ask);
	document.addEventListener('wp_consent_type_defined', ask);
	document.addEventListener('wp_listen_for_consent_change', function (event) {
		if (event.detail && event.detail.marketing) onrampTrack('consent', event.detail.marketing === 'allow');
	});
})();
JS;
	wp_print_inline_script_tag( $script, ONRAMP_PIXEL_LEAVE_ALONE );
}
