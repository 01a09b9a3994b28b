<?php
/** What may be set, read and checked. */

defined( 'ABSPATH' ) || exit;

/**
 * The settings, each of them a text: empty where it isn't set.
 *
 * @return array{partner_key: string, endpoint: string, service_name: string, consent: string}
 */
function onramp_pixel_settings() {
	$defaults = array(
		'partner_key'  => '',
		'endpoint'     => '',
		'service_name' => get_bloginfo( 'name', 'raw' ),
		'consent'      => '',
	);
	return array_merge( $defaults, array_filter( (array) get_option( ONRAMP_PIXEL_OPTION, array() ), 'is_string' ) );
}

/**
 * Checks what was entered; what can't be right keeps its old value, and the page says why.
 *
 * @param mixed $entered The form's fields.
 * @return array<string, string>
 */
function onramp_pixel_check_settings( $entered ) {
	$entered = array_filter( (array) $entered, 'is_string' );
	$checked = onramp_pixel_settings();

	$partner_key = trim( $entered['partner_key'] ?? '' );
	if ( preg_match( '/^[\w-]{0,128}$/D', $partner_key ) ) {
		$checked['partner_key'] = $partner_key;
	} else {
		onramp_pixel_refuse( 'partner_key', __( 'A partner key has letters, digits, _ and - only.', 'onramp-pixel' ) );
	}

	$endpoint = untrailingslashit( trim( $entered['endpoint'] ?? '' ) );
	if ( '' === $endpoint || ( wp_parse_url( $endpoint, PHP_URL_HOST ) && preg_match( '#^https?://[^?\#]+$#', $endpoint ) ) ) {
		$checked['endpoint'] = esc_url_raw( $endpoint );
	} else {
		onramp_pixel_refuse( 'endpoint', __( 'The address starts with https:// and has no question mark.', 'onramp-pixel' ) );
	}

	$checked['service_name'] = sanitize_text_field( $entered['service_name'] ?? '' );
	$checked['consent']      = 'required' === ( $entered['consent'] ?? '' ) ? 'required' : '';
	return $checked;
}

/** Says on the page why a field wasn't taken. */
function onramp_pixel_refuse( $field, $reason ) {
	add_settings_error( ONRAMP_PIXEL_OPTION, $field, $reason );
}
