<?php
/** The tag, printed by itself: scripts that are enqueued get combined with others, and lose their attributes. */

defined( 'ABSPATH' ) || exit;

add_action( 'wp_head', 'onramp_pixel_print_head' );
// For other shops than WooCommerce: do_action( 'onramp_pixel_track', array( 'customer-id' => '42', 'order-id' => 'A-1001' ) )
add_action( 'onramp_pixel_track', 'onramp_pixel_print_purchase' );

/** Asks optimisers, each in its own word, to leave a script where and as it is. */
const ONRAMP_PIXEL_LEAVE_ALONE = array(
	'data-cfasync'            => 'false', // Cloudflare's Rocket Loader.
	'data-no-optimize'        => '1', // LiteSpeed Cache.
	'data-no-defer'           => '1',
	'data-noptimize'          => '1', // Autoptimize.
	'data-nowprocket'         => '1', // WP Rocket.
	'data-pagespeed-no-defer' => '1', // PageSpeed.
	'nitro-exclude'           => '1', // NitroPack.
);

/** Prints what every page has. */
function onramp_pixel_print_head() {
	onramp_pixel_print_consent( onramp_pixel_settings()['consent'] );
	onramp_pixel_print_tag( array() );
}

/**
 * Prints the tag, with these further attributes. The endpoint is always named: an optimiser may serve the script from this
 * site all the same, and messages would go there.
 *
 * @param array<string, string> $attributes By their names without data-.
 */
function onramp_pixel_print_tag( $attributes ) {
	$settings = onramp_pixel_settings();
	if ( '' === $settings['partner_key'] || '' === $settings['endpoint'] ) {
		return;
	}
	$data = array(
		'partner-key'  => $settings['partner_key'],
		'endpoint'     => $settings['endpoint'],
		'service-name' => $settings['service_name'],
		'consent'      => $settings['consent'],
	);
	$tag  = array(
		'async' => true,
		'src'   => $settings['endpoint'] . '/onramp.js',
	);
	foreach ( array_merge( $data, $attributes ) as $name => $value ) {
		if ( '' !== (string) $value ) {
			$tag[ 'data-' . $name ] = (string) $value;
		}
	}
	wp_print_script_tag( array_merge( $tag, ONRAMP_PIXEL_LEAVE_ALONE ) );
}

/**
 * Prints the tag of a thank-you page, which tracks as it loads. It stands beside the one in the head: the pixel takes the
 * attributes of the later tag.
 *
 * @param array<string, string> $purchase By the names of the tag's attributes without data-; `track` may be `signup`.
 */
function onramp_pixel_print_purchase( $purchase ) {
	onramp_pixel_print_tag( array_merge( array( 'track' => 'purchase' ), $purchase ) );
}
